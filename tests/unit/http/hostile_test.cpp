// SECURITY.md's catalogue: 10 redirects, 13 endless bodies and bombs, 14 one byte a second, 15 resets at every offset,
// 16 what is no JSON, 20 SIGPIPE, 23 lost writes.
#include <csignal>
#include <thread>

#include <catch2/generators/catch_generators.hpp>

#include "http/json.hpp"
#include "http_test.hpp"

using namespace locket_test;

namespace {

http::Request post(const std::string& listener, std::string target, http::Purpose purpose = http::Purpose::ByMethod) {
  http::Request request = get(listener, std::move(target));
  request.method = http::Method::Post;
  request.body = "{}";
  request.purpose = purpose;
  return request;
}

std::string reason(const http::Request& request) {
  return failure(request).reason();
}

}  // namespace

TEST_CASE("10: a redirect is an answer, and never followed") {
  for (const int status : {301, 302, 303, 307, 308}) {
    for (const char* listener : {"plain", "tls"}) {
      http::Request request = get(listener, "/redirect/" + std::to_string(status));
      request.headers = {{.name = "X-Vault-Token", .value = "s.canary"}};
      auto answer = open()->send(request);
      REQUIRE(answer);
      CHECK(answer->status == status);
      CHECK(answer->headers.find("location"));
    }
  }
  CHECK(count("/count/echo/stolen") == 0);
}

TEST_CASE("13: what does not end is cut off") {
  CHECK(reason(get("tls", "/endless")) == "http.too_large");
  CHECK(reason(get("plain", "/lying-length")) == "http.too_large");
  CHECK(reason(get("plain", "/endless-head")) == "http.head_too_large");
  CHECK(reason(get("plain", "/endless-line")) == "http.head_too_large");
  CHECK(reason(get("plain", "/endless-hints")) == "http.head_too_large");
  CHECK(failure(get("tls", "/endless")).code() == ErrorCode::MalformedResponse);
}

TEST_CASE("13: a bomb is not unpacked") {
  CHECK(reason(get("tls", "/gzip-bomb")) == "http.encoded");
}

TEST_CASE("13: the limit is what was asked for, to the byte") {
  http::Request request = get("plain", "/big/1000");
  request.max_body = 1000;
  CHECK(open()->send(request));
  request.max_body = 999;
  CHECK(reason(request) == "http.too_large");
  auto narrow = once();
  narrow.settings.max_body = 999;
  request.max_body = 1000;
  CHECK(failure(*open(narrow), request).reason() == "http.too_large");
  CHECK(open()->send(get("plain", "/big/4194304")));
  CHECK(reason(get("plain", "/big/4194305")) == "http.too_large");
}

TEST_CASE("14: the whole answer must come in time, however it drips") {
  for (const char* target : {"/drip", "/drip-head", "/hang"}) {
    http::Request request = get("tls", target);
    request.timeout = 150ms;
    const auto begun = std::chrono::steady_clock::now();
    const Error error = failure(request);
    CHECK(std::chrono::steady_clock::now() - begun < 1s);
    CHECK(error.code() == ErrorCode::Timeout);
    CHECK(error.reason() == "http.timeout");
    CHECK(error.effect() == Effect::None);
  }
}

TEST_CASE("14: the call's deadline ends it, and the transport's own limits do") {
  const auto transport = open();
  const Call call{.deadline = locket::system_clock()->steady() + 100ms};
  CHECK(failure(*transport, get("tls", "/hang"), call).code() == ErrorCode::Timeout);
  const Call late{.deadline = locket::system_clock()->steady() - 1s};
  CHECK(failure(*transport, get("tls", "/echo/late"), late).code() == ErrorCode::Timeout);
  CHECK(count("/count/echo/late") == 0);
  auto setup = once();
  setup.total_timeout = 100ms;
  CHECK(failure(*open(setup), get("plain", "/hang")).code() == ErrorCode::Timeout);
  setup = once();
  setup.settings.connect_timeout = 100ms;
  const Error error = failure(*open(setup), get("silent", "/"));
  CHECK(error.code() == ErrorCode::Timeout);
  CHECK(error.message().find("no connection") != std::string::npos);
}

TEST_CASE("a call is cancelled at once") {
  const auto transport = open();
  std::stop_source source;
  std::jthread canceller([&] {
    while (count("/count/hang/cancelled") == 0) std::this_thread::yield();
    source.request_stop();
  });
  const auto begun = std::chrono::steady_clock::now();
  const Error error = failure(*transport, post("plain", "/hang/cancelled"), {.stop = source.get_token()});
  CHECK(std::chrono::steady_clock::now() - begun < 1500ms);
  CHECK(error.code() == ErrorCode::Cancelled);
  CHECK(error.effect() == Effect::Unknown);
  // A token that was triggered before: nothing is sent.
  CHECK(failure(*transport, post("plain", "/echo/never"), {.stop = source.get_token()}).effect() == Effect::None);
  CHECK(count("/count/echo/never") == 0);
}

TEST_CASE("15: a connection that breaks at any byte is a network error, and no part of the answer is told") {
  const auto transport = open();
  for (const char* how : {"/reset/", "/cut/"}) {
    for (int bytes = 0; bytes < fake().whole(); ++bytes) {
      const auto answer = transport->send(get(bytes % 2 == 0 ? "tls" : "plain", how + std::to_string(bytes)));
      INFO(how << bytes);
      REQUIRE_FALSE(answer);
      CHECK(answer.error().code() == ErrorCode::Network);
      CHECK(answer.error().retryable());
      CHECK(answer.error().effect() == Effect::None);
    }
    CHECK(transport->send(get("tls", "/cut/" + std::to_string(fake().whole()))));
  }
}

TEST_CASE("16: what is not the JSON that was expected is malformed") {
  const auto transport = open();
  for (const char* target : {"/html", "/deep/100000", "/status/204"}) {
    auto answer = transport->send(get("plain", target));
    REQUIRE(answer);
    const auto json = http::Json::parse(std::move(answer->body));
    REQUIRE_FALSE(json);
    CHECK(json.error().code() == ErrorCode::MalformedResponse);
    CHECK(json.error().to_string().find("log in") == std::string::npos);
  }
}

TEST_CASE("what does not speak HTTP is malformed") {
  for (const char* target : {"/junk", "/folded", "/two-lengths"}) {
    INFO(target);
    const Error error = failure(get("plain", target));
    CHECK(error.code() == ErrorCode::MalformedResponse);
    CHECK(error.reason() == "http.protocol");
  }
}

TEST_CASE("20: writing to a closed connection does not end the program") {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  const auto transport = open();
  const std::string body(1 << 20, 'x');
  for (int i = 0; i < 20; ++i) {
    http::Request request = post(i % 2 == 0 ? "tls" : "plain", "/leave");
    request.body = body;
    (void)transport->send(request);
    (void)transport->send(get("tls", "/reset/0"));
  }
  std::signal(SIGPIPE, before);
  CHECK(transport->send(get("tls", "/echo")));
}

TEST_CASE("23: a failed write says what it may have done") {
  const auto transport = open();
  CHECK(failure(*transport, post("refused", "/")).effect() == Effect::None);
  CHECK(failure(*transport, post("self", "/")).effect() == Effect::None);
  CHECK(failure(*transport, post("tls", "/lose/a")).effect() == Effect::Unknown);
  CHECK(failure(*transport, post("tls", "/reset/20")).effect() == Effect::Unknown);
  CHECK(failure(*transport, post("tls", "/endless")).effect() == Effect::Unknown);
  CHECK(failure(*transport, post("tls", "/lose/b", http::Purpose::IdempotentWrite)).effect() == Effect::Unknown);
  CHECK(failure(*transport, post("tls", "/lose/c", http::Purpose::Read)).effect() == Effect::None);
}

TEST_CASE("23: libcurl does not send a write twice when a kept connection turns out to be closed") {
  const auto transport = open();
  for (const auto method : {http::Method::Post, http::Method::Delete}) {
    const std::string target = "/lose/once/" + std::string(to_string(method));
    REQUIRE(transport->send(get("plain", "/echo")));  // now there is a connection to be kept
    http::Request request = post("plain", target);
    request.method = method;
    if (method == http::Method::Delete) request.body = {};
    const Error error = failure(*transport, request);
    CHECK(error.code() == ErrorCode::Network);
    CHECK(error.effect() == Effect::Unknown);
    CHECK(count("/count" + target) == 1);
  }
}

TEST_CASE("23: what libcurl sent again by itself may have been carried out before") {
  using enum http::Purpose;
  const auto transport = open();
  const auto earlier = [&](const std::string& target, http::Purpose purpose) {
    REQUIRE(transport->send(get("plain", "/echo")));  // now there is a connection to be kept
    const auto answer = transport->send(post("plain", target, purpose));
    REQUIRE(answer);
    return answer->earlier;
  };
  CHECK(earlier("/lose-first/a", IdempotentWrite) == Effect::Unknown);
  CHECK(count("/count/lose-first/a") == 2);
  CHECK(earlier("/lose-first/b", Read) == Effect::None);
  CHECK(earlier("/echo", IdempotentWrite) == Effect::None);
}

TEST_CASE("14: a deadline that was long ago is one that has passed") {
  const auto transport = open();
  CHECK(failure(*transport, get("plain", "/echo/long-ago"), {.deadline = locket::Deadline::min()}).code() ==
        ErrorCode::Timeout);
  http::Request request = get("plain", "/echo/long-ago");
  request.timeout = std::chrono::milliseconds::min();
  CHECK(failure(*transport, request).code() == ErrorCode::Timeout);
  CHECK(count("/count/echo/long-ago") == 0);
  request.timeout = std::chrono::milliseconds::max();
  CHECK(transport->send(request, {.deadline = locket::Deadline::max()}));
}

TEST_CASE("a kept connection that was closed meanwhile is no failure") {
  const auto transport = open();
  for (int i = 0; i < 10; ++i) {
    REQUIRE(transport->send(get("tls", "/leave")));
    REQUIRE(transport->send(get("plain", "/leave")));
  }
}

TEST_CASE("what a server says unasked is nobody's answer") {
  const auto transport = open();
  const auto write = GENERATE(false, true);
  REQUIRE(transport->send(get("plain", "/idle"))->body.view() == "asked");
  REQUIRE(open()->send(get("plain", "/interrupt")));
  auto answer = transport->send(write ? post("plain", "/idle") : get("plain", "/idle"));
  REQUIRE(answer);
  CHECK(answer->body.view() == "asked");
  CHECK(answer->earlier == Effect::None);  // nothing was sent on the connection that had spoken
}

TEST_CASE("a failing answer leaves nothing behind for the next") {
  const auto transport = open();
  for (const char* target : {"/endless", "/gzip-bomb", "/drip", "/reset/30", "/junk"}) {
    http::Request request = get("plain", target);
    request.timeout = 100ms;
    CHECK_FALSE(transport->send(request));
    auto answer = transport->send(get("plain", "/status/404"));
    REQUIRE(answer);
    CHECK(answer->body.view() == R"({"errors":["as asked"]})");
  }
}

// libcurl before 8.2, with a handle that is used again, appends it to the last header of the answer before, which it
// has freed.
TEST_CASE("a head that begins with a folded line is refused, whatever was answered before") {
  const auto transport = open();
  for (int i = 0; i < 20; ++i) {
    REQUIRE(transport->send(get("plain", "/challenges")));
    const auto answer = transport->send(get("plain", "/folded-first"));
    CHECK_FALSE(answer);
  }
}
