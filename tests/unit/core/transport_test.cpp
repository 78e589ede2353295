#include <locket/transport.hpp>

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "child.hpp"

namespace http = locket::http;
using locket::Call;
using locket::ErrorCode;
using locket::Result;

namespace {

/// Answers each request with its target.
class Mirror final : public http::Transport {
 public:
  std::size_t calls = 0;

 protected:
  std::vector<Result<http::Response>> do_send_many(std::span<const http::Request> requests, const Call&) override {
    ++calls;
    std::vector<Result<http::Response>> answers;
    for (const http::Request& request : requests) {
      http::Response response{.status = 200};
      response.body.append(request.target);
      answers.emplace_back(std::move(response));
    }
    return answers;
  }
};

std::string reason(const http::Request& request) {
  Mirror mirror;
  auto answer = mirror.send(request);
  if (answer) return "good";
  CHECK(mirror.calls == 0);
  CHECK(answer.error().code() == ErrorCode::InvalidArgument);
  CHECK(answer.error().to_string().find("canary") == std::string::npos);
  return answer.error().reason();
}

http::Request with(http::Header header) {
  http::Request request{.origin = "https://vault", .target = "/"};
  request.headers.push_back(std::move(header));
  return request;
}

}  // namespace

TEST_CASE("2: nothing that would begin another line or header reaches a transport") {
  using namespace std::string_literals;
  for (const std::string& bad : {"canary\r\nX: y"s, "canary\n"s, "\rcanary"s, "can\0ary"s, "\x7f"s, "\x01"s}) {
    CHECK(reason(with({.name = "X-A", .value = bad})) == "http.request");
    CHECK(reason(with({.name = "X-A", .secret = bad})) == "http.request");
    CHECK(reason(with({.name = bad, .value = "x"})) == "http.request");
    CHECK(reason({.origin = "https://vault", .target = "/" + bad}) == "http.request");
  }
  CHECK(reason(with({.name = "X-A", .value = "a\tb c\xC3\xA4"})) == "good");
}

TEST_CASE("a header's name is a token, and not one that the transport writes") {
  for (const char* bad : {"", "X A", "X:A", "X\xC3\xA4", "(X)", "Host", "HOST", "content-length", "Transfer-Encoding",
                          "Connection", "TE", "Upgrade", "Proxy-Authorization", "Accept-Encoding", "Expect"}) {
    INFO(bad);
    CHECK(reason(with({.name = bad, .value = "x"})) == "http.request");
  }
  for (const char* good : {"X-Vault-Token", "Authorization", "Content-Type", "x-amz-date", "Tea", "Proxy"}) {
    CHECK(reason(with({.name = good, .value = "x"})) == "good");
  }
  CHECK(reason(with({.name = "X-A", .value = "x", .secret = "y"})) == "http.request");
}

TEST_CASE("a target is escaped, and begins with a slash") {
  for (const char* bad : {"", "v1", "?a", "/a b", "/a#b", "/\xC3\xA4", "/a\tb"}) {
    CHECK(reason({.origin = "https://vault", .target = bad}) == "http.request");
  }
  for (const char* good : {"/", "/v1/a%2Fb?version=1&x=%20", "//a/../b"}) {
    CHECK(reason({.origin = "https://vault", .target = good}) == "good");
  }
}

TEST_CASE("of many requests the bad ones are refused, and the good ones answered in their places") {
  Mirror mirror;
  const std::vector<http::Request> requests = {{.target = "/a"}, {.target = "b"}, {.target = "/c"}, {.target = ""}};
  const auto answers = mirror.send_many(requests);
  REQUIRE(answers.size() == 4);
  CHECK(answers[0]->body.view() == "/a");
  CHECK(answers[1].error().reason() == "http.request");
  CHECK(answers[2]->body.view() == "/c");
  CHECK(answers[3].error().reason() == "http.request");
  CHECK(mirror.calls == 1);
  CHECK(mirror.send_many({}).empty());
  CHECK(mirror.calls == 1);
}

TEST_CASE("a forked child is refused before the transport is asked") {
  Mirror mirror;
  const int status = locket_test::in_child([&] {
    const auto answer = mirror.send({.target = "/a"});
    return !answer && answer.error().reason() == "http.forked" && mirror.calls == 0 ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(mirror.send({.target = "/a"}));
}

TEST_CASE("what a request does follows from its method, unless it is said") {
  using enum http::Method;
  using http::Purpose;
  for (const auto method : {Get, Head, List}) CHECK(http::purpose_of({.method = method}) == Purpose::Read);
  for (const auto method : {Post, Put, Patch, Delete}) CHECK(http::purpose_of({.method = method}) == Purpose::Write);
  CHECK(http::purpose_of({.method = Post, .purpose = Purpose::Read}) == Purpose::Read);
  CHECK(http::purpose_of({.method = Get, .purpose = Purpose::Write}) == Purpose::Write);
}

TEST_CASE("methods have their names") {
  using enum http::Method;
  std::string all;
  for (const auto method : {Get, Head, List, Post, Put, Patch, Delete}) all += std::string(to_string(method)) + ' ';
  CHECK(all == "GET HEAD LIST POST PUT PATCH DELETE ");
}

TEST_CASE("a head's lines are found by name, in any case") {
  http::Headers headers;
  CHECK_FALSE(headers.find("a"));
  headers.add("A", "1");
  headers.add("Bee", "");
  headers.add("a", "x: y");
  CHECK(headers.find("a") == "1");
  CHECK(headers.find("BEE") == "");
  CHECK_FALSE(headers.find("Be"));
  CHECK_FALSE(headers.find("x"));
  CHECK(headers.all("A") == std::vector<std::string_view>{"1", "x: y"});
}
