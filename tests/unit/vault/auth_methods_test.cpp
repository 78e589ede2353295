#include <cstdlib>

#include "auth_fixture.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::seconds;

constexpr const char* unwrap_path = "sys/wrapping/unwrap";
constexpr const char* label_path = "sys/wrapping/lookup";

/// The only way to see what a login sent: as its Vault did.
FakeVault::Seen login_with(AuthFixture& fixture, Login login) {
  const auto client = fixture.client(fixture.options(std::move(login)));
  CHECK(AuthFixture::read(*client).ok());
  return fixture.vault->last("auth/");
}

TEST_CASE_METHOD(AuthFixture, "AppRole sends both ids, once") {
  const auto seen = login_with(*this, AppRole{.mount = "team/apps", .role_id = given("r"), .secret_id = given("s\"x")});
  CHECK(seen.path == "auth/team/apps/login");
  CHECK(seen.body == R"({"role_id":"r","secret_id":"s\"x"})");
  CHECK(seen.headers.at("Content-Type") == "application/json");
  CHECK(seen.purpose == http::Purpose::Write);
}

TEST_CASE_METHOD(AuthFixture, "AppRole without a secret id sends the role id alone") {
  CHECK(login_with(*this, AppRole{.role_id = given("r")}).body == R"({"role_id":"r"})");
}

TEST_CASE_METHOD(AuthFixture, "Kubernetes and JWT send the role and the token") {
  const auto kubernetes = login_with(*this, Kubernetes{.role = "app", .jwt = given("a.b.c")});
  CHECK(kubernetes.path == "auth/kubernetes/login");
  CHECK(kubernetes.body == R"({"role":"app","jwt":"a.b.c"})");
  const auto jwt = login_with(*this, Jwt{.mount = "ci", .jwt = given("a.b.c")});
  CHECK(jwt.path == "auth/ci/login");
  CHECK(jwt.body == R"({"jwt":"a.b.c"})");
  CHECK(jwt.purpose == http::Purpose::IdempotentWrite);
}

TEST_CASE_METHOD(AuthFixture, "userpass and LDAP name the user in the path, escaped once") {
  const auto userpass = login_with(*this, UserPass{.user = "a b%2F?#", .password = given("p")});
  CHECK(userpass.path == "auth/userpass/login/a%20b%252F%3F%23");
  CHECK(userpass.body == R"({"password":"p"})");
  CHECK(login_with(*this, Ldap{.user = "ann", .password = given("p")}).path == "auth/ldap/login/ann");
}

TEST_CASE_METHOD(AuthFixture, "A certificate is shown by the connection, and the role named") {
  CHECK(login_with(*this, Certificate{.role = "web"}).body == R"({"name":"web"})");
  CHECK(login_with(*this, Certificate{}).body == "{}");
}

class Source final : public TokenSource {
 public:
  Result<Token> fetch(const Call&) override {
    ++fetched;
    if (failure) return *failure;
    return Token{.text = SecretValue(text), .lifetime = lifetime, .renewable = renewable};
  }
  std::string text = "s.mine";
  std::optional<seconds> lifetime = {};
  bool renewable = false;
  std::optional<Error> failure = {};
  int fetched = 0;
};

TEST_CASE_METHOD(AuthFixture, "The application's own token is fetched, used to its end, and fetched again") {
  const auto source = std::make_shared<Source>();
  source->lifetime = seconds(60);
  vault->give("s.mine");
  const auto client = this->client(options(std::shared_ptr<TokenSource>(source)));
  for (int second = 0; second < 300; ++second) {
    REQUIRE(read(*client).ok());
    clock->advance(seconds(1));
  }
  CHECK(source->fetched >= 7);
  CHECK(source->fetched <= 8);
  CHECK(vault->count("auth/") == 0);
}

TEST_CASE_METHOD(AuthFixture, "The application's own token is renewed when it says that it can be") {
  const auto source = std::make_shared<Source>();
  source->lifetime = seconds(60);
  source->renewable = true;
  vault->give("s.mine", seconds(60));
  const auto client = this->client(options(std::shared_ptr<TokenSource>(source)));
  for (int second = 0; second < 300; ++second) {
    REQUIRE(read(*client).ok());
    clock->advance(seconds(1));
  }
  CHECK(source->fetched == 1);
}

TEST_CASE_METHOD(AuthFixture,
                 "A token source's error is told as it is, and one that repeats a dead token is found out") {
  const auto source = std::make_shared<Source>();
  const auto client = this->client(options(std::shared_ptr<TokenSource>(source)));
  CHECK(read(*client).error().reason() == "vault.token_rejected");
  source->failure = Error({.code = ErrorCode::Unavailable, .reason = "app.broker", .message = "the broker sleeps"});
  clock->advance(seconds(5));
  CHECK(read(*client).error().reason() == "app.broker");
  source->failure.reset();
  source->text = "line\nbreak";
  CHECK(read(*client).error().reason() == "vault.credential");
  CHECK(read(*client).error().to_string().find("break") == std::string::npos);
}

TEST_CASE_METHOD(AuthFixture, "What logs in is read anew each time") {
  const CredentialFile secret("first\n");
  const auto client =
      this->client(options(AppRole{.role_id = given("r"), .secret_id = Credential{.file = secret.path()}}));
  CHECK(read(*client).ok());
  CHECK(vault->last("auth/").body == R"({"role_id":"r","secret_id":"first"})");
  secret.write("second\r\n");
  vault->revoke_all();
  CHECK(read(*client).ok());
  CHECK(vault->last("auth/approle").body == R"({"role_id":"r","secret_id":"second"})");
}

TEST_CASE_METHOD(AuthFixture, "A credential that is not there is Unauthenticated and told by its place") {
  const CredentialFile file("x");
  const auto failure_with = [&](const Credential& credential) {
    const auto client = this->client(options(AppRole{.role_id = credential}));
    const auto failed = read(*client);
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().code() == ErrorCode::Unauthenticated);
    CHECK(failed.error().reason() == "vault.credential");
    return failed.error().message();
  };
  CHECK(failure_with({.file = "/nonexistent/role"}).find("the role id from '/nonexistent/role'") != std::string::npos);
  CHECK(failure_with({.file = "/tmp"}).find("/tmp") != std::string::npos);
  // The secret itself, put where its file's path belongs.
  CHECK(failure_with({.file = "hvs.canary"}).find("canary") == std::string::npos);
  CHECK(failure_with({.file = "canary" + std::string(300, 'x')}).find("canary") == std::string::npos);
  CHECK(failure_with({.file = "/dev/zero"}).find("device") != std::string::npos);
  CHECK(failure_with({.variable = "LOCKET_NOT_SET"}).find("LOCKET_NOT_SET") != std::string::npos);
  file.write("\n");
  CHECK(failure_with({.file = file.path()}).find("empty") != std::string::npos);
  file.write(std::string(65537, 'x'));
  CHECK(failure_with({.file = file.path()}).find("64 KiB") != std::string::npos);
  file.write("\xff\xfe");
  CHECK(failure_with({.file = file.path()}).find("UTF-8") != std::string::npos);
  CHECK(vault->count("") == 0);
}

TEST_CASE_METHOD(AuthFixture, "A credential that is delivered late is found within a second") {
  const CredentialFile file("r");
  file.remove();
  const auto client = this->client(options(AppRole{.role_id = {.file = file.path()}}));
  for (int i = 0; i < 20; ++i) {
    CHECK_FALSE(read(*client).ok());
    clock->advance(seconds(1));
  }
  file.write("r");
  CHECK(read(*client).ok());
}

/// A wrapping token in a file, good for one look.
class WrappedFixture : public AuthFixture {
 public:
  WrappedFixture() {
    vault->instead[label_path] = [this] {
      return FakeVault::answer(
          200, fmt::format(R"({{"data":{{"creation_path":"{}","creation_time":"2029-12-31T23:59:40Z"}}}})", path));
    };
    vault->instead[unwrap_path] = [this]() -> Result<http::Response> {
      if (!left) return FakeVault::answer(400, R"({"errors":["wrapping token is not valid or does not exist"]})");
      left = false;
      return FakeVault::answer(200, R"({"data":{"secret_id":"inside"}})");
    };
  }
  std::shared_ptr<Client> wrapped_client() {
    return client(options(
        AppRole{.role_id = given("r"), .secret_id = Credential{.file = file.path()}, .wrapped_secret_id = true}));
  }
  Error failure() {
    const auto failed = read(*wrapped_client());
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().to_string().find("s.wrapping") == std::string::npos);
    CHECK(vault->count("auth/") == 0);
    return failed.error();
  }
  std::string path = "auth/approle/role/app/secret-id";
  bool left = true;
  const CredentialFile file{"s.wrapping\n"};
};

TEST_CASE_METHOD(WrappedFixture, "A wrapped secret id is unwrapped once, for all logins") {
  const auto client = wrapped_client();
  CHECK(read(*client).ok());
  CHECK(vault->last(unwrap_path).headers.at("X-Vault-Token") == "s.wrapping");
  CHECK(vault->last(unwrap_path).purpose == http::Purpose::Write);
  vault->revoke_all();
  CHECK(read(*client).ok());
  file.remove();
  vault->revoke_all();
  CHECK(read(*client).ok());
  CHECK(vault->count(unwrap_path) == 1);
  CHECK(vault->last("auth/approle").body == R"({"role_id":"r","secret_id":"inside"})");

  SECTION("and a new wrapping token is unwrapped, too") {
    file.write("s.next");
    left = true;
    vault->revoke_all();
    CHECK(read(*client).ok());
    CHECK(vault->count(unwrap_path) == 2);
  }
}

TEST_CASE_METHOD(WrappedFixture, "A wrapping token that somebody used before is told as what it is") {
  left = false;
  CHECK(failure().code() == ErrorCode::Unauthenticated);
  CHECK(failure().reason() == "vault.wrapped_token");
  vault->instead[label_path] = [] { return FakeVault::answer(400, R"({"errors":["does not exist"]})"); };
  const std::size_t opened = vault->count(unwrap_path);
  CHECK(failure().reason() == "vault.wrapped_token");
  CHECK(vault->count(unwrap_path) == opened);
}

TEST_CASE_METHOD(WrappedFixture, "17: what a thief opened and wrapped again is not opened") {
  for (const char* other :
       {"sys/wrapping/wrap", "", "auth/other/role/app/secret-id", "x/auth/approle/role/app/secret-id",
        "auth/approle/role/app/secret-id/lookup", "auth/approle/role/a/b/secret-id", "auth/approle/role/secret-id",
        "auth/approle/role//secret-id", "cubbyhole/auth/approle/role/app/secret-id"}) {
    INFO(other);
    path = other;
    CHECK(failure().code() == ErrorCode::Unauthenticated);
    CHECK(failure().reason() == "vault.wrapped_token");
  }
  CHECK(vault->count(unwrap_path) == 0);
  path = "auth/approle/role/app/custom-secret-id";
  CHECK(read(*wrapped_client()).ok());
}

TEST_CASE_METHOD(WrappedFixture, "Something else in the wrapping is refused") {
  vault->instead[unwrap_path] = [] { return FakeVault::answer(200, R"({"data":{"token":"s.other"}})"); };
  CHECK(failure().code() == ErrorCode::MalformedResponse);
}

TEST_CASE_METHOD(WrappedFixture, "A server that does not wrap is not told as a thief") {
  for (const char* where : {unwrap_path, label_path}) {
    for (const int status : {404, 405}) {
      vault->instead[where] = [=] { return FakeVault::answer(status, R"({"errors":[]})"); };
      CHECK(failure().code() == ErrorCode::MalformedResponse);
    }
  }
}

TEST_CASE_METHOD(WrappedFixture, "What cannot be a wrapping token is no credential, and is not sent") {
  for (const char* other :
       {"s.wrapping\r\nX: y", "{\"token\":\"s.wrapping\"}\n\n", "s. wrapping", "s.wrapping\xc3\xa4"}) {
    file.write(other);
    CHECK(failure().code() == ErrorCode::Unauthenticated);
    CHECK(failure().reason() == "vault.credential");
  }
  CHECK(vault->count("") == 0);
}

TEST_CASE_METHOD(AuthFixture, "Each way in which Vault refuses a login is Unauthenticated, and says where to look") {
  const auto client = this->client(by_app_role());
  for (const int status : {400, 403, 404, 405}) {
    vault->instead["auth/"] = [&] { return FakeVault::answer(status, R"({"errors":["secret-id-canary"]})"); };
    clock->advance(seconds(60));
    const auto failed = read(*client);
    REQUIRE_FALSE(failed.ok());
    INFO(failed.error());
    CHECK(failed.error().code() == ErrorCode::Unauthenticated);
    CHECK(failed.error().reason() == "vault.login_refused");
    CHECK(failed.error().message().find("auth/approle/login") != std::string::npos);
    CHECK(failed.error().http_status() == status);
    CHECK_FALSE(failed.error().hint().empty());
    CHECK(failed.error().to_string().find("canary") == std::string::npos);
  }
}

TEST_CASE_METHOD(AuthFixture, "A refused role id is told to be without a secret id") {
  const auto client = this->client(options(AppRole{.role_id = given("r")}));
  vault->instead["auth/"] = [] { return FakeVault::answer(400, R"({"errors":["missing secret_id"]})"); };
  CHECK(read(*client).error().hint().find("asks for a secret id, which is not given") != std::string::npos);
}

TEST_CASE_METHOD(AuthFixture, "A server that cannot answer is no failed login") {
  const auto client = this->client(by_app_role());
  const auto code_with = [&](int status, const char* body) {
    vault->instead["auth/"] = [=] { return FakeVault::answer(status, body); };
    return read(*client).error().code();
  };
  CHECK(code_with(503, R"({"errors":["Vault is sealed"]})") == ErrorCode::Unavailable);
  CHECK(code_with(500, "<html>") == ErrorCode::Unavailable);
  CHECK(code_with(429, "") == ErrorCode::Throttled);
  vault->instead["auth/"] = [] { return FakeVault::unreachable(); };
  CHECK(read(*client).error().code() == ErrorCode::Network);
}

TEST_CASE_METHOD(AuthFixture, "A login that brings no token is malformed") {
  const auto client = this->client(by_app_role());
  for (const char* body : {"{}", R"({"auth":null})", R"({"auth":{"client_token":""}})", R"({"auth":[]})",
                           R"({"auth":{"client_token":"s.1","lease_duration":"60"}})",
                           R"({"auth":{"client_token":7,"lease_duration":60}})", "<html></html>", "",
                           R"({"auth":{"client_token":"s.1","client_token":"s.2","lease_duration":60}})"}) {
    INFO(body);
    vault->instead["auth/"] = [=] { return FakeVault::answer(200, body); };
    clock->advance(seconds(60));
    CHECK(read(*client).error().code() == ErrorCode::MalformedResponse);
  }
}

TEST_CASE_METHOD(AuthFixture, "A login that asks for a second factor is refused by us") {
  const auto client = this->client(by_app_role());
  vault->instead["auth/"] = [] {
    return FakeVault::answer(200, R"({"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"x"}}})");
  };
  const auto failed = read(*client);
  CHECK(failed.error().reason() == "vault.login_refused");
  CHECK(failed.error().message().find("second factor") != std::string::npos);
}

}  // namespace
}  // namespace locket::inline v1::vault
