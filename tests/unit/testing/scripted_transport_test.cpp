#include <locket/testing/scripted_transport.hpp>

#include <array>

#include <catch2/catch_test_macros.hpp>

namespace http = locket::http;
using locket::testing::ScriptedTransport;

TEST_CASE("a script answers what it expects, once") {
  ScriptedTransport script;
  script.expect({.method = http::Method::Post, .target = "/a", .headers = {{"X-Token", "t"}}, .body = "b"},
                {.status = 403, .body = "no", .headers = {{"X-Id", "7"}}});
  http::Request request{.method = http::Method::Post, .origin = "https://vault", .target = "/a", .body = "b"};
  request.headers.push_back({.name = "x-token", .secret = "t"});
  auto answer = script.send(request);
  REQUIRE(answer);
  CHECK(answer->status == 403);
  CHECK(answer->body.view() == "no");
  CHECK(answer->headers.find("x-id") == "7");
  CHECK(script.problems().empty());

  auto again = script.send(request);
  REQUIRE_FALSE(again);
  CHECK(again.error().reason() == "testing.unexpected");
  CHECK(script.problems() == std::vector<std::string>{"nobody expected POST /a"});
  REQUIRE(script.sent().size() == 2);
  CHECK(script.sent()[0].header("X-TOKEN") == "t");
  CHECK(script.sent()[0].purpose == http::Purpose::Write);
}

TEST_CASE("a request that differs is not what was expected") {
  for (const auto& expected :
       std::array<locket::testing::ExpectedRequest, 5>{{{.method = http::Method::Put, .target = "/a"},
                                                        {.target = "/b"},
                                                        {.target = "/a", .origin = "https://x"},
                                                        {.target = "/a", .headers = {{"X-A", "c"}}},
                                                        {.target = "/a", .body = "b"}}}) {
    ScriptedTransport script;
    script.expect(expected, {});
    http::Request request{.origin = "https://vault", .target = "/a"};
    request.headers.push_back({.name = "X-A", .value = "b"});
    CHECK_FALSE(script.send(request));
    CHECK(script.problems().size() == 2);
  }
}

TEST_CASE("what a script expects and nobody asks is a problem") {
  ScriptedTransport script;
  script.expect({.target = "/a"}, {}, 2);
  CHECK(script.send({.target = "/a"}));
  CHECK(script.problems() == std::vector<std::string>{"nobody asked GET /a"});
}

TEST_CASE("a script fails as it is told, and answers the rest alike") {
  ScriptedTransport script;
  script.expect({.target = "/a"}, {.error = locket::Error({.code = locket::ErrorCode::Network})});
  script.otherwise({.status = 404, .retry_after = std::chrono::seconds(1)});
  const std::array<http::Request, 2> requests = {{{.target = "/a"}, {.target = "/b"}}};
  const auto answers = script.send_many(requests);
  CHECK(answers[0].error().code() == locket::ErrorCode::Network);
  CHECK(answers[1]->status == 404);
  CHECK(answers[1]->retry_after == std::chrono::seconds(1));
  CHECK(script.problems().empty());
}
