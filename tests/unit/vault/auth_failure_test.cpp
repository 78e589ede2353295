#include "auth_fixture.hpp"

namespace locket::inline v1::vault {
namespace {

/// A client with a token that lives, whose Vault answers as it is told.
class AnswerFixture : public AuthFixture {
 public:
  AnswerFixture() { vault->give("s.good"); }

  Result<Answer> send(int status, const std::string& body, Ask ask = {}) {
    ask.path = "secret/data/db";
    vault->instead["secret/"] = [=] {
      http::Response response = FakeVault::answer(status, body);
      response.retry_after = std::chrono::milliseconds(1500);
      return response;
    };
    return with_token_->send(ask, {});
  }
  Error failure(int status, const std::string& body, const Ask& ask = {}) {
    const auto answer = send(status, body, ask);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().http_status() == status);
    CHECK(answer.error().to_string().find("canary") == std::string::npos);
    CHECK_FALSE(answer.error().hint().empty());
    return answer.error();
  }

  static constexpr Ask write() { return {.method = http::Method::Post, .body = "{}"}; }

 private:
  std::shared_ptr<Client> with_token_ = client(options(token("s.good")));
};

TEST_CASE_METHOD(AnswerFixture, "What only the caller understands comes back as an answer") {
  CHECK(send(200, R"({"data":{"data":{"a":"b"}}})")->root()["data"]["data"]["a"].text() == "b");
  CHECK(send(204, "", write())->ok());
  CHECK_FALSE(send(204, "", write())->root());
  CHECK(send(404, R"({"errors":[]})")->status == 404);
  CHECK(send(404, "", {.method = http::Method::Patch, .body = "{}"})->status == 404);
  CHECK(send(405, "")->status == 405);
  const auto refused = send(400, R"({"errors":["check-and-set parameter did not match the current version"]})");
  CHECK(refused->says("check-and-set parameter did not match"));
  CHECK_FALSE(refused->says("upgrading"));
  CHECK_FALSE(send(400, R"({"errors":"text"})")->says("text"));
}

TEST_CASE_METHOD(AnswerFixture, "What does not come from Vault is never taken for its answer") {
  for (const int status : {200, 400, 403, 404}) {
    for (const char* body :
         {"<html>canary</html>", "", "[\"canary\"]", "\"canary\"", "{\"canary\":", "null", R"({"a":"canary","a":1})"}) {
      INFO(status << ' ' << body);
      const Error error = failure(status, body);
      CHECK(error.code() == ErrorCode::MalformedResponse);
      CHECK(error.reason() == "vault.response");
      CHECK(error.effect() == Effect::None);
      CHECK(failure(status, status == 404 ? "{" : body, write()).effect() == Effect::Unknown);
    }
  }
  CHECK(failure(403, R"({"message":"canary"})").code() == ErrorCode::MalformedResponse);
  for (const int status : {201, 301, 302, 401, 418}) {
    INFO(status);
    CHECK(failure(status, "canary").code() == ErrorCode::MalformedResponse);
  }
  std::string deep(100000, '[');
  CHECK(failure(200, deep + std::string(100000, ']')).code() == ErrorCode::MalformedResponse);
}

TEST_CASE_METHOD(AnswerFixture, "Each state of a server that does not serve is named") {
  CHECK(failure(503, R"({"errors":["Vault is sealed"]})").reason() == "vault.sealed");
  CHECK(failure(503, R"({"errors":["Vault is in standby mode"]})").reason() == "vault.standby");
  CHECK(failure(307, "").reason() == "vault.standby");
  CHECK(failure(472, "").reason() == "vault.standby");
  CHECK(failure(473, "").reason() == "vault.standby");
  CHECK(failure(501, "").reason() == "vault.not_initialized");
  CHECK(failure(412, R"({"errors":["required index state not present"]})").reason() == "vault.behind");
  CHECK(failure(502, "<html>canary").reason() == "vault.unavailable");
  CHECK(failure(500, R"({"errors":["canary"]})").code() == ErrorCode::Unavailable);
  CHECK(failure(413, "").code() == ErrorCode::LimitExceeded);
  CHECK(failure(429, "").code() == ErrorCode::Throttled);
  CHECK(failure(429, "").retry_after() == std::chrono::milliseconds(1500));
  CHECK(failure(503, "").retryable());
}

TEST_CASE_METHOD(AnswerFixture, "A failed write says what it did") {
  CHECK(failure(503, R"({"errors":["Vault is sealed"]})", write()).effect() == Effect::None);
  CHECK(failure(429, "", write()).effect() == Effect::None);
  CHECK(failure(500, "", write()).effect() == Effect::Unknown);
  CHECK(failure(502, "", write()).effect() == Effect::Unknown);
  CHECK(failure(500, "", {.method = http::Method::Post, .body = "{}", .purpose = http::Purpose::Read}).effect() ==
        Effect::None);
}

TEST_CASE_METHOD(AnswerFixture, "The hint of a refusal names what the policy lacks") {
  vault->give("s.good");
  const auto capabilities = [&](http::Method method) {
    vault->instead["secret/"] = [] { return FakeVault::refused_by_policy(); };
    return client(options(token("s.good")))->send({.method = method, .path = "secret/data/db"}, {}).error().hint();
  };
  CHECK(capabilities(http::Method::Get).find("[\"read\"]") != std::string::npos);
  CHECK(capabilities(http::Method::List).find("[\"list\"]") != std::string::npos);
  CHECK(capabilities(http::Method::Post).find("[\"create\", \"update\"]") != std::string::npos);
  CHECK(capabilities(http::Method::Patch).find("[\"patch\"]") != std::string::npos);
  CHECK(capabilities(http::Method::Delete).find("[\"delete\"]") != std::string::npos);
}

TEST_CASE_METHOD(AnswerFixture, "A path is escaped once, segment by segment") {
  const auto client = this->client(options(token("s.good")));
  CHECK(client->send({.path = "secret/data/a+b=c@d!e:f%2f", .query = "version=2"}, {}).ok());
  CHECK(vault->last("secret/").path == "secret/data/a%2Bb%3Dc%40d%21e%3Af%252f?version=2");
}

}  // namespace
}  // namespace locket::inline v1::vault
