// Retries and circuit breakers, on a scripted transport and a clock that moves by itself. SECURITY.md's catalogue: 21
// retry storms, 22 Retry-After, 23 lost writes.
#include <array>
#include <cstring>
#include <functional>
#include <new>

#include <curl/curl.h>

#include <locket/testing/manual_clock.hpp>
#include <locket/testing/recording_observer.hpp>
#include <locket/testing/scripted_transport.hpp>

#include "http/backoff.hpp"
#include "http/breaker.hpp"
#include "http/failure.hpp"
#include "http/open.hpp"
#include "http/retry_reserve.hpp"
#include "http/times.hpp"
#include "http_test.hpp"

using namespace locket_test;
using locket::Event;
using locket::testing::CannedAnswer;
using locket::testing::ManualClock;
using locket::testing::RecordingObserver;
using locket::testing::ScriptedTransport;

namespace {

/// Every random number is this one.
class FixedRandom final : public locket::RandomSource {
 public:
  explicit FixedRandom(std::uint64_t number) : number_(number) {}
  Result<void> fill(std::span<std::byte> out) override {
    if (fails) return Error({.code = ErrorCode::Internal, .reason = "random.failed"});
    std::memcpy(out.data(), &number_, std::min(out.size(), sizeof number_));
    return {};
  }
  bool fails = false;

 private:
  std::uint64_t number_;
};

Error network(Effect effect = Effect::None) {
  return Error({.code = ErrorCode::Network, .reason = "http.reset", .message = "broke", .effect = effect});
}

struct Layers {
  explicit Layers(http::TransportOptions options = {}) {
    options.clock = clock;
    options.random = random;
    options.observer = observer;
    options.store = "vault at home";
    transport = http::with_retries(script, options);
  }

  static http::Request request(std::string target = "/a") {
    return {.origin = "https://vault", .target = std::move(target)};
  }
  void answers(const CannedAnswer& answer, std::size_t times = 1) { script->expect({.target = "/a"}, answer, times); }
  void fails(const Error& error, std::size_t times = 1) { answers({.error = error}, times); }
  auto waited() const { return clock->steady() - begun; }
  std::size_t sent() const { return script->sent().size(); }

  std::shared_ptr<ScriptedTransport> script = std::make_shared<ScriptedTransport>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(ManualClock::Waits::Never);
  std::shared_ptr<FixedRandom> random = std::make_shared<FixedRandom>(40);
  std::shared_ptr<RecordingObserver> observer = std::make_shared<RecordingObserver>();
  std::shared_ptr<http::Transport> transport;
  locket::Clock::Steady begun = clock->steady();
};

http::TransportOptions no_breaker(http::RetryPolicy retry = {}) {
  return {.retry = std::move(retry), .breaker = {.failures = 0}};
}

}  // namespace

TEST_CASE("what fails for a reason that may pass is repeated, and the observer hears why") {
  Layers layers;
  layers.fails(network());
  layers.answers({.status = 503});
  layers.answers({.status = 200, .body = "{}"});
  auto answer = layers.transport->send(layers.request());
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(layers.waited() == 80ms);
  const auto events = layers.observer->events();
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == Event::Kind::Retry);
  CHECK(events[0].store == "vault at home");
  CHECK(events[0].error->code() == ErrorCode::Network);
  CHECK(events[1].error->code() == ErrorCode::Unavailable);
  CHECK(events[1].error->http_status() == 503);
}

TEST_CASE("after the last attempt the answer is what it is") {
  Layers layers;
  layers.answers({.status = 503}, 3);
  CHECK(layers.transport->send(layers.request())->status == 503);
  layers.answers({.status = 429}, 2);
  layers.fails(network());
  CHECK(layers.transport->send(layers.request()).error().code() == ErrorCode::Network);
  CHECK(layers.sent() == 6);
}

TEST_CASE("what does not pass is not repeated") {
  Layers layers(no_breaker());
  for (const int status : {200, 204, 301, 400, 401, 403, 404, 405, 412, 501}) {
    layers.answers({.status = status});
    CHECK(layers.transport->send(layers.request())->status == status);
  }
  for (const auto code : {ErrorCode::MalformedResponse, ErrorCode::Cancelled, ErrorCode::InvalidArgument}) {
    layers.fails(Error({.code = code}));
    CHECK(layers.transport->send(layers.request()).error().code() == code);
  }
  layers.fails(Error({.code = ErrorCode::Network, .reason = "http.tls_expired", .retryable = false}));
  CHECK(layers.transport->send(layers.request()).error().reason() == "http.tls_expired");
  layers.answers({.status = 503});
  http::Request health = layers.request();
  health.retry = false;
  CHECK(layers.transport->send(health)->status == 503);
  CHECK(layers.script->problems().empty());
}

TEST_CASE("a write is repeated only when it cannot have been carried out, or may be twice") {
  using http::Purpose;
  struct Case {
    http::Method method;
    Purpose purpose;
    CannedAnswer first;
    bool repeated;
  };
  const CannedAnswer lost{.error = network(Effect::Unknown)};
  const CannedAnswer unsent{.error = network(Effect::None)};
  const CannedAnswer busy{.status = 503};
  const std::array cases = {
      Case{.method = http::Method::Post, .purpose = Purpose::ByMethod, .first = lost, .repeated = false},
      Case{.method = http::Method::Post, .purpose = Purpose::ByMethod, .first = busy, .repeated = false},
      Case{.method = http::Method::Post, .purpose = Purpose::ByMethod, .first = unsent, .repeated = true},
      Case{.method = http::Method::Put, .purpose = Purpose::ByMethod, .first = lost, .repeated = false},
      Case{.method = http::Method::Delete, .purpose = Purpose::ByMethod, .first = busy, .repeated = false},
      Case{.method = http::Method::Post, .purpose = Purpose::IdempotentWrite, .first = lost, .repeated = true},
      Case{.method = http::Method::Post, .purpose = Purpose::IdempotentWrite, .first = busy, .repeated = true},
      Case{.method = http::Method::Post, .purpose = Purpose::Read, .first = busy, .repeated = true},
      Case{.method = http::Method::Get, .purpose = Purpose::Write, .first = busy, .repeated = false},
      Case{.method = http::Method::List, .purpose = Purpose::ByMethod, .first = busy, .repeated = true},
      Case{.method = http::Method::Head, .purpose = Purpose::ByMethod, .first = busy, .repeated = true}};
  for (const Case& one : cases) {
    Layers layers;
    layers.script->expect({.method = one.method, .target = "/a"}, one.first);
    layers.script->otherwise({.status = 200});
    http::Request request = layers.request();
    request.method = one.method;
    request.purpose = one.purpose;
    (void)layers.transport->send(request);
    CHECK(layers.sent() == (one.repeated ? 2U : 1U));
  }
}

TEST_CASE("what an earlier attempt may have done stays unknown") {
  Layers layers;
  layers.fails(network(Effect::Unknown));
  layers.fails(network(Effect::None), 2);
  http::Request request = layers.request();
  request.purpose = http::Purpose::IdempotentWrite;
  CHECK(layers.transport->send(request).error().effect() == Effect::Unknown);
}

TEST_CASE("23: an answer says when an earlier attempt may have been carried out") {
  const auto earlier = [](const CannedAnswer& first, http::Purpose purpose) {
    Layers layers;
    layers.script->expect({.target = "/a"}, first);
    layers.script->expect({.target = "/a"}, {.error = network(Effect::None)});
    layers.script->expect({.target = "/a"}, {.status = 400});
    http::Request request = layers.request();
    request.purpose = purpose;
    auto answer = layers.transport->send(request);
    REQUIRE(answer);
    CHECK(layers.script->problems().empty());
    return answer->earlier;
  };
  using enum http::Purpose;
  CHECK(earlier({.error = network(Effect::Unknown)}, IdempotentWrite) == Effect::Unknown);
  CHECK(earlier({.error = network(Effect::None)}, IdempotentWrite) == Effect::None);
  CHECK(earlier({.error = network(Effect::None)}, Write) == Effect::None);
  CHECK(earlier({.status = 504}, IdempotentWrite) == Effect::Unknown);
  CHECK(earlier({.status = 429}, IdempotentWrite) == Effect::None);
  CHECK(earlier({.status = 504}, Read) == Effect::None);
}

TEST_CASE("22: Retry-After is waited for, but not as long as anybody likes") {
  Layers layers(no_breaker());
  layers.answers({.status = 429, .retry_after = 3s});
  layers.answers({.status = 200});
  CHECK(layers.transport->send(layers.request())->status == 200);
  CHECK(layers.waited() == 3040ms);
  layers.answers({.status = 429, .retry_after = 1h});
  layers.answers({.status = 200});
  CHECK(layers.transport->send(layers.request())->status == 200);
  CHECK(layers.waited() == 3040ms + 20'040ms);
}

TEST_CASE("22: when the time does not suffice, the answer is told at once") {
  Layers layers(no_breaker());
  layers.answers({.status = 429, .retry_after = 15s}, 3);
  const Call call{.deadline = layers.begun + 10s};
  auto answer = layers.transport->send(layers.request(), call);
  REQUIRE(answer);
  CHECK(answer->retry_after == 15s);
  CHECK(layers.waited() == 0ms);
  http::Request request = layers.request();
  request.timeout = 14s;
  CHECK(layers.transport->send(request)->status == 429);
  CHECK(layers.waited() == 0ms);
  CHECK(layers.sent() == 2);
  // The transport's own limit is for all attempts together.
  layers.answers({.status = 429, .retry_after = 15s});
  CHECK(layers.transport->send(layers.request())->status == 429);
  CHECK(layers.sent() == 4);
  CHECK(layers.waited() == 15'040ms);
}

TEST_CASE("what a request's time leaves is what its repetition gets") {
  Layers layers;
  layers.fails(network(), 1);
  layers.answers({});
  http::Request request = layers.request();
  request.timeout = 1s;
  CHECK(layers.transport->send(request));
}

TEST_CASE("a call that is cancelled while it waits says so, and what its attempt may have done") {
  Layers layers;
  std::stop_source source;
  source.request_stop();
  const auto cancel = [&](const CannedAnswer& answer, http::Purpose purpose) {
    layers.answers(answer);
    http::Request request = layers.request();
    request.purpose = purpose;
    const Error error = layers.transport->send(request, {.stop = source.get_token()}).error();
    CHECK(error.code() == ErrorCode::Cancelled);
    CHECK(error.reason() == "call.cancelled");
    return error.effect();
  };
  using enum http::Purpose;
  CHECK(cancel({.error = network()}, Read) == Effect::None);
  CHECK(cancel({.status = 503}, Read) == Effect::None);
  CHECK(cancel({.error = network(Effect::None)}, Write) == Effect::None);
  CHECK(cancel({.error = network(Effect::Unknown)}, IdempotentWrite) == Effect::Unknown);
  CHECK(cancel({.status = 503}, IdempotentWrite) == Effect::Unknown);
  CHECK(layers.sent() == 5);
  // What has its answer keeps it.
  layers.script->expect({.target = "/b"}, {.body = "b"});
  layers.fails(network());
  const std::array requests = {layers.request("/a"), layers.request("/b")};
  const auto answers = layers.transport->send_many(requests, {.stop = source.get_token()});
  CHECK(answers[0].error().code() == ErrorCode::Cancelled);
  CHECK(answers[1]->body.view() == "b");
}

TEST_CASE("22: of a batch, no request waits with the others beyond its own time") {
  Layers layers(no_breaker());
  layers.script->expect({.target = "/patient"}, {.status = 429, .retry_after = 5s});
  layers.script->expect({.target = "/hasty"}, {.status = 503});
  layers.script->expect({.target = "/patient"}, {.body = "late"});
  std::array requests = {layers.request("/patient"), layers.request("/hasty")};
  requests[1].timeout = 2s;
  const auto answers = layers.transport->send_many(requests);
  CHECK(answers[0]->body.view() == "late");
  CHECK(answers[1]->status == 503);
  CHECK(layers.script->problems().empty());
}

TEST_CASE("no time to be had and all the time there is are times like others") {
  Layers layers;
  layers.fails(network(), 4);
  layers.answers({}, 1);
  http::Request request = layers.request();
  request.timeout = std::chrono::milliseconds::min();
  CHECK_FALSE(layers.transport->send(request));
  CHECK_FALSE(layers.transport->send(layers.request(), {.deadline = locket::Deadline::min()}));
  CHECK(layers.sent() == 2);
  request.timeout = std::chrono::milliseconds::max();
  CHECK(layers.transport->send(request, {.deadline = locket::Deadline::max()}));
}

TEST_CASE("of a batch, only what failed is sent again, and in its place") {
  Layers layers;
  layers.script->expect({.target = "/a"}, {.body = "a"});
  layers.script->expect({.target = "/b"}, {.status = 503});
  layers.script->expect({.target = "/b"}, {.body = "b"});
  layers.script->expect({.target = "/c"}, {.status = 404});
  layers.script->expect({.target = "/d"}, {.error = network()}, 3);
  const std::array requests = {layers.request("/a"), layers.request("/b"), layers.request("/c"), layers.request("/d")};
  const auto answers = layers.transport->send_many(requests);
  REQUIRE(answers.size() == 4);
  CHECK(answers[0]->body.view() == "a");
  CHECK(answers[1]->body.view() == "b");
  CHECK(answers[2]->status == 404);
  CHECK(answers[3].error().code() == ErrorCode::Network);
  CHECK(layers.script->problems().empty());
  CHECK(layers.waited() == 80ms);
}

TEST_CASE("21: a service that is down soon gets no more requests than without repetitions") {
  Layers layers(no_breaker({.reserve = 10}));
  layers.script->otherwise({.status = 503});
  for (int i = 0; i < 1000; ++i) CHECK(layers.transport->send(layers.request())->status == 503);
  CHECK(layers.sent() == 1010);
  layers.script->otherwise({.status = 200});
  for (int i = 0; i < 25; ++i) CHECK(layers.transport->send(layers.request())->status == 200);
  layers.script->otherwise({.status = 503});
  for (int i = 0; i < 5; ++i) CHECK(layers.transport->send(layers.request())->status == 503);
  CHECK(layers.sent() == 1010 + 25 + 5 + 2);  // 25 answers brought back two
}

TEST_CASE("21: a reserve of 0 is none, and the reserve is never more than its size") {
  http::RetryReserve endless(0);
  for (int i = 0; i < 1000; ++i) CHECK(endless.take());
  http::RetryReserve one(1);
  for (int i = 0; i < 100; ++i) one.answered();
  CHECK(one.take());
  CHECK_FALSE(one.take());
  for (int i = 0; i < 9; ++i) one.answered();
  CHECK_FALSE(one.take());
  one.answered();
  CHECK(one.take());
}

TEST_CASE("waits are random between nothing and a doubling bound") {
  const http::RetryPolicy policy{.first = 100ms, .longest = 500ms};
  FixedRandom none(0);
  FixedRandom all(500ULL * 100 * 200 * 400 + 0);  // of each bound + 1: anything
  CHECK(http::backoff(policy, 1, none) == 0ms);
  for (std::uint32_t n : {1U, 2U, 3U, 4U, 30U, 4'000'000'000U}) {
    const auto bound = std::min<std::chrono::milliseconds>(500ms, 100ms * (1U << std::min(n - 1, 20U)));
    FixedRandom most(static_cast<std::uint64_t>(bound.count()));
    FixedRandom over(static_cast<std::uint64_t>(bound.count()) + 1);
    CHECK(http::backoff(policy, n, most) == bound);
    CHECK(http::backoff(policy, n, over) == 0ms);
  }
  all.fails = true;
  CHECK(http::backoff(policy, 2, all) == 200ms);
}

TEST_CASE("22: Retry-After as it is sent") {
  const auto now = std::chrono::system_clock::from_time_t(784'111'777);  // Sun, 06 Nov 1994 08:49:37 GMT
  const auto seconds = [&](std::string_view text) { return http::parse_retry_after(text, now); };
  CHECK(seconds("0") == 0ms);
  CHECK(seconds("120") == 120s);
  CHECK(seconds("3600") == 1h);
  CHECK(seconds("3601") == 1h);
  CHECK(seconds("99999") == 1h);
  CHECK(seconds("99999999999999999999999999") == 1h);
  CHECK(seconds("Sun, 06 Nov 1994 08:49:38 GMT") == 1s);
  CHECK(seconds("Sunday, 06-Nov-94 08:50:37 GMT") == 60s);
  CHECK(seconds("Sun Nov  6 08:50:37 1994") == 60s);
  CHECK(seconds("Fri, 31 Dec 9999 23:59:59 GMT") == 1h);
  CHECK(http::parse_date("Thu, 29 Feb 2024 23:59:59 GMT") == std::chrono::system_clock::from_time_t(1'709'251'199));
  CHECK(http::parse_date("Thursday, 29-Feb-24 23:59:59 GMT") == std::chrono::system_clock::from_time_t(1'709'251'199));
  for (const char* old : {"Wed, 31 Dec 1969 23:59:59 GMT", "Sun, 06 Nov 1000 08:49:37 GMT"}) {
    CHECK_FALSE(http::parse_date(old));  // in nanoseconds there is no room before 1678
  }
  for (const char* garbage :
       {"", "-1", "-99999999999", "1.5", "soon", "+5", " 5", "5 s", "0x10", "NaN", "1e9",
        "Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "1994-11-06", "Sun, 06 Nov 1000 08:49:37 GMT",
        "Thu, 01 Jan 0000 00:00:00 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT and more than fits"}) {
    INFO(garbage);
    CHECK_FALSE(seconds(garbage));
  }
}

TEST_CASE("22: Retry-After of a real answer") {
  const auto transport = open();
  const auto asked = [&](const char* value) {
    auto answer = transport->send(get("plain", std::string("/retry-after/") + value));
    REQUIRE(answer);
    return answer->retry_after;
  };
  CHECK(asked("7") == 7s);
  CHECK(asked("999999999999999999999") == 1h);
  CHECK_FALSE(asked("-5"));
  CHECK_FALSE(asked("tomorrow"));
}

TEST_CASE("a breaker opens after failures in a row, lets one try, and closes when that goes well") {
  using Ticket = http::Breaker::Ticket;
  using Outcome = http::Breaker::Outcome;
  using Change = http::Breaker::Change;
  http::Breaker breaker({.failures = 2, .open_for = 10s});
  const locket::Clock::Steady now{1h};
  CHECK(breaker.ended(breaker.admit(now), Outcome::Failed, now) == Change::None);
  CHECK(breaker.ended(breaker.admit(now), Outcome::Answered, now) == Change::None);  // not in a row
  CHECK(breaker.ended(breaker.admit(now), Outcome::Failed, now) == Change::None);
  CHECK(breaker.ended(breaker.admit(now), Outcome::Unclear, now) == Change::None);
  const Ticket slow = breaker.admit(now);
  CHECK(breaker.ended(breaker.admit(now), Outcome::Failed, now) == Change::Opened);
  CHECK(breaker.admit(now + 9999ms) == Ticket::Refused);
  CHECK(breaker.open_for(now + 9s) == 1s);
  CHECK(breaker.ended(slow, Outcome::Failed, now + 5s) == Change::None);  // says nothing new
  CHECK(breaker.admit(now + 10s) == Ticket::Trial);
  CHECK(breaker.admit(now + 10s) == Ticket::Refused);  // one tries, the others do not
  CHECK(breaker.ended(Ticket::Trial, Outcome::Unclear, now + 10s) == Change::None);
  CHECK(breaker.admit(now + 10s) == Ticket::Trial);
  CHECK(breaker.ended(Ticket::Trial, Outcome::Failed, now + 12s) == Change::None);
  CHECK(breaker.admit(now + 21s) == Ticket::Refused);
  CHECK(breaker.admit(now + 22s) == Ticket::Trial);
  CHECK(breaker.ended(Ticket::Trial, Outcome::Answered, now + 22s) == Change::Closed);
  CHECK(breaker.admit(now + 22s) == Ticket::Regular);
  CHECK(breaker.ended(Ticket::Regular, Outcome::Failed, now + 22s) == Change::None);  // it counts anew
}

TEST_CASE("an origin that does not answer is left alone, and others are not") {
  Layers layers({.retry = {.attempts = 1}, .breaker = {.failures = 3}});
  layers.fails(network(), 3);
  for (int i = 0; i < 3; ++i) CHECK(layers.transport->send(layers.request()).error().code() == ErrorCode::Network);
  CHECK(layers.observer->count(Event::Kind::BreakerOpened) == 1);
  CHECK(layers.observer->events()[0].error->reason() == "http.reset");
  const Error open = layers.transport->send(layers.request()).error();
  CHECK(open.code() == ErrorCode::Unavailable);
  CHECK(open.reason() == "http.breaker_open");
  CHECK(open.retry_after() == 10s);
  CHECK(open.effect() == Effect::None);
  CHECK(layers.sent() == 3);

  layers.answers({.status = 200}, 2);
  std::array requests = {layers.request(), layers.request(), layers.request()};
  requests[1].origin = "https://another";
  const auto mixed = layers.transport->send_many(requests);
  CHECK(mixed[0].error().reason() == "http.breaker_open");
  CHECK(mixed[1].ok());
  CHECK(mixed[2].error().reason() == "http.breaker_open");

  layers.clock->advance(10s);
  CHECK(layers.transport->send(layers.request()));
  CHECK(layers.observer->count(Event::Kind::BreakerClosed) == 1);
}

TEST_CASE("a server that answers is there, whatever it answers") {
  Layers layers({.retry = {.attempts = 1}, .breaker = {.failures = 1}});
  layers.answers({.status = 503}, 5);
  for (int i = 0; i < 5; ++i) CHECK(layers.transport->send(layers.request())->status == 503);
  for (const auto code : {ErrorCode::MalformedResponse, ErrorCode::Cancelled, ErrorCode::Timeout}) {
    layers.fails(Error({.code = code}));  // a timeout at once: the caller had no time
    CHECK(layers.transport->send(layers.request()).error().code() == code);
  }
  CHECK(layers.observer->events().empty());
}

namespace {

/// Runs what a test wants instead of sending.
class ActingTransport final : public http::Transport {
 public:
  std::function<Error()> act = [] { return network(); };

 protected:
  std::vector<Result<http::Response>> do_send_many(std::span<const http::Request> requests, const Call&) override {
    std::vector<Result<http::Response>> answers;
    answers.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) answers.emplace_back(act());
    return answers;
  }
};

}  // namespace

TEST_CASE("no memory in the call that tries does not keep a breaker open") {
  const auto inner = std::make_shared<ActingTransport>();
  const auto clock = std::make_shared<ManualClock>();
  const auto transport =
      http::with_retries(inner, {.retry = {.attempts = 1}, .breaker = {.failures = 1}, .clock = clock});
  const http::Request request{.origin = "https://vault", .target = "/a"};
  CHECK(transport->send(request).error().reason() == "http.reset");
  CHECK(transport->send(request).error().reason() == "http.breaker_open");
  clock->advance(10s);
  inner->act = []() -> Error { throw std::bad_alloc(); };
  CHECK_THROWS_AS(transport->send(request), std::bad_alloc);
  inner->act = [] { return network(); };
  CHECK(transport->send(request).error().reason() == "http.reset");
}

TEST_CASE("what is wrong here says nothing about a server") {
  const auto inner = std::make_shared<ActingTransport>();
  const auto clock = std::make_shared<ManualClock>();
  const auto transport =
      http::with_retries(inner, {.retry = {.attempts = 1}, .breaker = {.failures = 1}, .clock = clock});
  const http::Asked asked{.origin = "https://vault"};
  const std::array<Error, 3> local = {http::no_connection_free(asked),
                                      http::error_of({.code = CURLE_SSL_CERTPROBLEM}, asked),
                                      http::error_of({.code = CURLE_SSL_CACERT_BADFILE}, asked)};
  for (const Error& error : local) {
    inner->act = [&] {
      clock->advance(5s);
      return error;
    };
    for (int i = 0; i < 2; ++i) {
      CHECK(transport->send({.origin = "https://vault", .target = "/a"}).error().reason() == error.reason());
    }
  }
  inner->act = [&] {
    clock->advance(5s);
    return http::timed_out(asked, true);
  };
  CHECK(transport->send({.origin = "https://vault", .target = "/a"}).error().reason() == "http.timeout");
  CHECK(transport->send({.origin = "https://vault", .target = "/a"}).error().reason() == "http.breaker_open");
}

TEST_CASE("an open breaker is not waited for") {
  Layers layers({.breaker = {.failures = 2}});
  layers.fails(network(), 2);
  const Error error = layers.transport->send(layers.request()).error();
  CHECK(error.reason() == "http.breaker_open");
  CHECK(layers.sent() == 2);
}

TEST_CASE("retries over a real connection") {
  http::TransportOptions options{.ca_file = fake().file("ca.pem")};
  options.retry = {.first = 1ms, .longest = 1ms};
  auto transport = http::open_transport(options);
  REQUIRE(transport);
  CHECK((*transport)->send(get("tls", "/flaky/a/2"))->status == 200);
  CHECK((*transport)->send(get("tls", "/flaky/b/3"))->status == 503);
  CHECK(count("/count/flaky/b/3") == 3);
}
