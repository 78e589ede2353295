#include <catch2/generators/catch_generators.hpp>

#include "auth_fixture.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::seconds;

constexpr const char* login_path = "auth/approle/login";
constexpr const char* renew_path = "auth/token/renew-self";
constexpr const char* lookup_path = "auth/token/lookup-self";
constexpr const char* refused_path = "secret/data/refused";

TEST_CASE_METHOD(AuthFixture, "A refused path is PermissionDenied: the token was asked after, and no login made") {
  const auto client = this->client(by_app_role());
  const auto failed = read(*client, refused_path);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code() == ErrorCode::PermissionDenied);
  CHECK(failed.error().reason() == "vault.refused");
  CHECK(failed.error().hint().find("path \"secret/data/refused\" { capabilities = [\"read\"] }") != std::string::npos);
  CHECK(failed.error().http_status() == 403);
  CHECK(vault->count(lookup_path) == 1);
  CHECK(vault->count(login_path) == 1);
}

TEST_CASE_METHOD(AuthFixture,
                 "25: a token that Vault does not know any more is replaced, once, and the request repeated") {
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->revoke_all();
  CHECK(read(*client).ok());
  CHECK(vault->count(lookup_path) == 1);
  CHECK(vault->count(login_path) == 2);
  vault->revoke_all();
  CHECK(read(*client, refused_path).error().code() == ErrorCode::PermissionDenied);
  CHECK(vault->count(login_path) == 3);
}

TEST_CASE_METHOD(AuthFixture, "A write that Vault refused for a dead token is sent again, since it did nothing") {
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->revoke_all();
  const Ask write{.method = http::Method::Post, .path = "secret/data/db", .body = "{}"};
  CHECK(client->send(write, {}).ok());
  CHECK(vault->count("secret/") == 3);
  const Ask refused{.method = http::Method::Post, .path = refused_path, .body = "{}"};
  CHECK(client->send(refused, {}).error().effect() == Effect::None);
}

TEST_CASE_METHOD(AuthFixture, "A token that may not ask after itself is believed to live when a policy says so") {
  vault->instead[lookup_path] = [] { return FakeVault::refused_by_policy(); };
  const auto client = this->client(by_app_role());
  CHECK(read(*client, refused_path).error().code() == ErrorCode::PermissionDenied);
  CHECK(vault->count(login_path) == 1);
}

TEST_CASE_METHOD(AuthFixture, "24: refusals that nothing explains do not become a loop of logins") {
  vault->instead[lookup_path] = [] { return FakeVault::denied(); };
  const auto client = this->client(by_app_role());
  for (int i = 0; i < 100; ++i) {
    CHECK(read(*client, refused_path).error().code() == ErrorCode::PermissionDenied);
  }
  CHECK(vault->count(login_path) == 2);
  for (int i = 0; i < 600; ++i) {
    clock->advance(seconds(1));
    CHECK_FALSE(read(*client, refused_path).ok());
  }
  CHECK(vault->count(login_path) <= 50);
  clock->advance(seconds(30));
  vault->instead.clear();
  vault->revoke_all();
  CHECK(read(*client).ok());
}

TEST_CASE_METHOD(AuthFixture, "When nobody can say whether the token lives, the error says why") {
  const auto client = this->client(by_app_role());
  vault->instead[lookup_path] = [] { return FakeVault::unreachable(); };
  CHECK(read(*client, refused_path).error().code() == ErrorCode::Network);
  vault->instead[lookup_path] = [] { return FakeVault::answer(503, R"({"errors":["Vault is sealed"]})"); };
  CHECK(read(*client, refused_path).error().reason() == "vault.sealed");
}

TEST_CASE_METHOD(AuthFixture, "25: in a batch, one look and one login settle all refusals") {
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->revoke_all();
  std::vector<Ask> asks(6, Ask{.path = "secret/data/db"});
  asks[2].path = refused_path;
  const auto answers = client->send_many(asks, {});
  for (std::size_t i = 0; i < asks.size(); ++i) CHECK(answers[i].ok() == (i != 2));
  CHECK(answers[2].error().code() == ErrorCode::PermissionDenied);
  CHECK(vault->count(lookup_path) == 1);
  CHECK(vault->count(login_path) == 2);
}

TEST_CASE_METHOD(AuthFixture, "A given token that is dead is Unauthenticated, as is one that never was") {
  const auto client = this->client(options(token("s.wrong")));
  for (int i = 0; i < 10; ++i) {
    const auto failed = read(*client);
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().code() == ErrorCode::Unauthenticated);
    CHECK(failed.error().reason() == "vault.token_rejected");
    CHECK(failed.error().to_string().find("s.wrong") == std::string::npos);
  }
  CHECK(vault->count("secret/") == 1);
  CHECK(vault->count(lookup_path) == 1);
}

TEST_CASE_METHOD(AuthFixture, "A rejected token is told by its place and its namespace, and is no login") {
  const CredentialFile file("s.wrong");
  Options with = options(GivenToken{.token = {.file = file.path()}});
  const auto message = [&] { return read(*client(with)).error().message(); };
  CHECK(message().find(fmt::format("the token in '{}' in the root namespace", file.path())) != std::string::npos);
  with.name_space = "team";
  CHECK(message().find("in namespace team") != std::string::npos);
  ::setenv("LOCKET_TEST_TOKEN", "s.wrong", 1);
  with.login = GivenToken{.token = {.variable = "LOCKET_TEST_TOKEN"}};
  CHECK(message().find("the token in LOCKET_TEST_TOKEN ") != std::string::npos);
  ::unsetenv("LOCKET_TEST_TOKEN");
  REQUIRE(observer->count(Event::Kind::Login) == 3);
  for (const auto& event : observer->events()) CHECK(event.error.has_value());
}

TEST_CASE_METHOD(AuthFixture, "A given token that Vault did not know is tried again, ever more rarely") {
  const auto client = this->client(options(token("s.late")));
  for (int second = 0; second < 600; ++second) {
    CHECK(read(*client).error().reason() == "vault.token_rejected");
    clock->advance(seconds(1));
  }
  CHECK(vault->count("secret/") >= 20);
  CHECK(vault->count("secret/") <= 50);
  vault->give("s.late");
  clock->advance(seconds(31));
  CHECK(read(*client).ok());
}

TEST_CASE_METHOD(AuthFixture, "A given token that may not read a path is PermissionDenied") {
  vault->give("s.good");
  const auto client = this->client(options(token("s.good")));
  CHECK(read(*client, refused_path).error().code() == ErrorCode::PermissionDenied);
  CHECK(read(*client).ok());
}

TEST_CASE_METHOD(AuthFixture, "A given token of a few uses serves as many reads") {
  vault->give("s.limited", {}, 3);
  const auto client = this->client(options(token("s.limited")));
  for (int i = 0; i < 3; ++i) CHECK(read(*client).ok());
  CHECK(vault->count(lookup_path) == 0);
  CHECK(read(*client).error().reason() == "vault.token_rejected");
}

TEST_CASE_METHOD(AuthFixture, "A given token's life is asked for once a second has passed, and renewed") {
  vault->give("s.good", seconds(60));
  const auto client = this->client(options(token("s.good")));
  for (int second = 0; second < 600; ++second) {
    REQUIRE(read(*client).ok());
    clock->advance(seconds(1));
  }
  CHECK(vault->count(lookup_path) == 1);
  CHECK(vault->count(renew_path) >= 13);
  CHECK(vault->count(renew_path) <= 16);
}

TEST_CASE_METHOD(AuthFixture, "A given token with less than a second left is renewed at once") {
  vault->give("s.good", seconds(2));
  const auto client = this->client(options(token("s.good")));
  for (int step = 0; step < 100; ++step) {
    REQUIRE(read(*client).ok());
    clock->advance(std::chrono::milliseconds(150));
  }
  CHECK(vault->count(lookup_path) == 1);
}

TEST_CASE_METHOD(AuthFixture, "Of a given token with so many uses no more than one is ever spent on it") {
  vault->give("s.limited", seconds(600), 100);
  const auto client = this->client(options(token("s.limited")));
  for (int i = 0; i < 50; ++i) {
    CHECK(read(*client).ok());
    clock->advance(seconds(10));
  }
  CHECK(vault->count(lookup_path) == 1);
  CHECK(vault->count(renew_path) == 0);
}

TEST_CASE_METHOD(AuthFixture, "A given token is read anew when its file is another one") {
  const CredentialFile file("s.first\n");
  vault->give("s.first");
  vault->give("s.second");
  const auto client = this->client(options(GivenToken{.token = {.file = file.path()}}));
  CHECK(read(*client).ok());
  file.write("s.second\n");

  SECTION("while the old one lives, within a second") {
    clock->advance(seconds(1));
    CHECK(read(*client).ok());
    CHECK(vault->last("secret/").headers.at("X-Vault-Token") == "s.second");
  }
  SECTION("when the old one is refused, at once") {
    vault->revoke_all();
    vault->give("s.second");
    CHECK(read(*client).ok());
    CHECK(vault->last("secret/").headers.at("X-Vault-Token") == "s.second");
  }
  SECTION("not when it is gone: what lives is used on") {
    file.remove();
    clock->advance(seconds(1));
    CHECK(read(*client).ok());
    CHECK(vault->last("secret/").headers.at("X-Vault-Token") == "s.first");
  }
}

TEST_CASE_METHOD(AuthFixture, "A given token is renewed in time, though its file is gone") {
  const CredentialFile file("s.first");
  vault->give("s.first", seconds(60));
  const auto client = this->client(options(GivenToken{.token = {.file = file.path()}}));
  CHECK(read(*client).ok());
  clock->advance(seconds(1));
  CHECK(read(*client).ok());
  // Just before it is due, and when it is.
  clock->advance(seconds(GENERATE(40, 44)));
  file.remove();
  for (int i = 0; i < 10; ++i) {
    CHECK(read(*client).ok());
    clock->advance(seconds(3));
  }
  CHECK(vault->count(renew_path) == 1);
}

TEST_CASE_METHOD(AuthFixture, "A rejected given token is followed by the next one that is given") {
  const CredentialFile file("s.dead");
  const auto client = this->client(options(GivenToken{.token = {.file = file.path()}}));
  CHECK(read(*client).error().reason() == "vault.token_rejected");
  vault->give("s.alive");
  file.write("s.alive");
  clock->advance(seconds(1));
  CHECK(read(*client).ok());
}

TEST_CASE_METHOD(AuthFixture, "23: a lost login is no lost write: nothing of what it was for was sent") {
  const auto lost = [] {
    return Error(
        {.code = ErrorCode::Timeout, .reason = "http.timeout", .message = "no answer", .effect = Effect::Unknown});
  };
  const Ask write{.method = http::Method::Post, .path = "secret/data/db", .body = "{}"};
  const auto client = this->client(by_app_role());
  vault->instead["auth/"] = lost;
  CHECK(client->send(write, {}).error().effect() == Effect::None);
  vault->instead.clear();
  CHECK(client->send(write, {}).ok());

  SECTION("nor is the login that follows a refusal") {
    vault->revoke_all();
    vault->instead[login_path] = lost;
    CHECK(client->send(write, {}).error().effect() == Effect::None);
  }
  SECTION("nor the question after the token") {
    vault->instead[lookup_path] = lost;
    const Ask refused{.method = http::Method::Post, .path = refused_path, .body = "{}"};
    CHECK(client->send(refused, {}).error().effect() == Effect::None);
  }
}

TEST_CASE_METHOD(AuthFixture, "23: what an attempt before a refusal may have done stays unknown, whatever follows") {
  const Ask write{.method = http::Method::Patch,
                  .path = "secret/metadata/db",
                  .body = "{}",
                  .purpose = http::Purpose::IdempotentWrite};
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->revoke_all();
  int asked = 0;
  vault->instead["secret/metadata"] = [&asked]() -> Result<http::Response> {
    if (++asked == 2) return FakeVault::unreachable();
    http::Response denied = FakeVault::denied();
    denied.earlier = Effect::Unknown;  // the answer to the first attempt was lost
    return denied;
  };
  const auto effect = [&] { return client->send(write, {}).error().effect(); };

  SECTION("the attempt with the next token") {
    CHECK(effect() == Effect::Unknown);
    CHECK(asked == 2);
  }
  SECTION("another refusal of it") {
    vault->instead["secret/metadata"] = [&asked] {
      http::Response denied = FakeVault::refused_by_policy();
      denied.earlier = ++asked == 1 ? Effect::Unknown : Effect::None;
      return denied;
    };
    CHECK(effect() == Effect::Unknown);
    CHECK(asked == 2);
  }
  SECTION("an answer of which the caller tells the effect") {
    vault->instead["secret/metadata"] = [&asked] {
      http::Response response = ++asked == 1 ? FakeVault::denied() : FakeVault::answer(404, R"({"errors":[]})");
      response.earlier = asked == 1 ? Effect::Unknown : Effect::None;
      return response;
    };
    const auto answer = client->send(write, {});
    REQUIRE(answer.ok());
    CHECK(answer->earlier == Effect::Unknown);
  }
  SECTION("a login that failed") {
    vault->instead[login_path] = &FakeVault::unreachable;
    CHECK(effect() == Effect::Unknown);
    CHECK(asked == 1);
  }
  SECTION("the question after the token that failed") {
    vault->instead[lookup_path] = &FakeVault::unreachable;
    CHECK(effect() == Effect::Unknown);
    CHECK(asked == 1);
  }
}

TEST_CASE_METHOD(AuthFixture, "A batch goes through as many tokens of a few uses as it needs") {
  for (const int uses : {1, 2, 3}) {
    INFO(uses);
    vault->uses = uses;
    const auto client = this->client(by_app_role());
    std::vector<Ask> asks(10, Ask{.path = "secret/data/db"});
    asks[4].path = refused_path;
    const std::size_t logins = vault->count(login_path);
    const std::size_t sent = vault->count("secret/");
    const auto answers = client->send_many(asks, {});
    REQUIRE(answers.size() == asks.size());
    for (std::size_t i = 0; i < asks.size(); ++i) CHECK(answers[i].ok() == (i != 4));
    CHECK(answers[4].error().code() == ErrorCode::PermissionDenied);
    CHECK(vault->count("secret/") - sent == 10);
    CHECK(vault->count(login_path) - logins == (10U + static_cast<unsigned>(uses) - 1) / static_cast<unsigned>(uses));
  }
  CHECK(vault->count(lookup_path) == 0);
}

TEST_CASE_METHOD(AuthFixture, "A token of a few uses that Vault does not know is never a refused path") {
  vault->uses = 5;
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->revoke_all();
  const std::vector<Ask> asks(10, Ask{.path = "secret/data/db"});
  for (const auto& answer : client->send_many(asks, {})) CHECK(answer.ok());
  vault->instead["secret/"] = [] { return FakeVault::denied(); };
  const std::size_t logins = vault->count(login_path);
  for (int i = 0; i < 20; ++i) {
    const auto failed = read(*client);
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().code() == ErrorCode::Unauthenticated);
    CHECK(failed.error().reason() == "vault.token_rejected");
  }
  CHECK(vault->count(login_path) - logins <= 6);
}

TEST_CASE_METHOD(AuthFixture, "An application's own tokens may be good for a few uses, too") {
  class Fresh final : public TokenSource {
   public:
    explicit Fresh(FakeVault& vault) : vault_(vault) {}
    Result<Token> fetch(const Call&) override {
      const std::string text = fmt::format("s.fresh{}", ++fetched_);
      vault_.give(text, {}, 2);
      return Token{.text = SecretValue(text), .uses = 2};
    }

   private:
    FakeVault& vault_;
    int fetched_ = 0;
  };
  const auto client = this->client(options(std::shared_ptr<TokenSource>(std::make_shared<Fresh>(*vault))));
  const std::vector<Ask> asks(9, Ask{.path = "secret/data/db"});
  for (const auto& answer : client->send_many(asks, {})) CHECK(answer.ok());
}

}  // namespace
}  // namespace locket::inline v1::vault
