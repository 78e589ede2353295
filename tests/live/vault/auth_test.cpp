#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <locket/backends/vault.hpp>
#include <locket/testing/recording_observer.hpp>

#include "conformance/vault_fixture.hpp"
#include "fakes/http_fake.hpp"

// Each way to log in, at a real OpenBao over TLS. Its tokens live for one second, and for two with renewals.
namespace locket::inline v1::vault {
namespace {

using conformance::OpenBao;
using conformance::openbao;
using http::Method;
using locket_test::HttpFake;
using Steady = std::chrono::steady_clock;

constexpr const char* short_lived = R"("token_ttl":"1s","token_max_ttl":"2s","token_policies":["auth-reader"])";

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What all tests share on the server: a mount with one secret, a policy that reads it, and a role of each method.
class Server {
 public:
  static Server& get() {
    static Server server;
    return server;
  }

  std::string text(const http::Json& answer, const char* member) const {
    return std::string(answer.root()["data"][member].text());
  }
  std::string role_id;

 private:
  Server() {
    OpenBao& bao = openbao();
    bao.mount_kv("auth-kv");
    bao.ask(Method::Post, "auth-kv/data/app/db", R"({"data":{"value":"the password"}})");
    for (int i = 0; i < 9; ++i) {
      bao.ask(Method::Post, fmt::format("auth-kv/data/app/batch{}", i), R"({"data":{"value":"one of many"}})");
    }
    bao.ask(Method::Post, "sys/policies/acl/auth-reader",
            R"({"policy":"path \"auth-kv/data/app/*\" { capabilities = [\"read\"] }"})");
    for (const char* method : {"approle", "userpass", "cert", "jwt", "ldap", "kubernetes"}) {
      bao.ask(Method::Post, fmt::format("sys/auth/live-{}", method), fmt::format(R"({{"type":"{}"}})", method));
    }
    bao.ask(Method::Post, "auth/live-approle/role/app", fmt::format("{{{}}}", short_lived));
    role_id = text(bao.ask(Method::Get, "auth/live-approle/role/app/role-id"), "role_id");
    bao.ask(Method::Post, "auth/live-userpass/users/ann", fmt::format(R"({{"password":"right",{}}})", short_lived));
    with_keys(bao);
    with_fakes(bao);
  }
  static void with_keys(OpenBao& bao) {
    const HttpFake& fake = HttpFake::get();
    bao.ask(Method::Post, "auth/live-cert/certs/web",
            fmt::format(R"({{"certificate":"{}",{}}})", escaped(contents(fake.file("client.pem"))), short_lived));
    bao.ask(Method::Post, "auth/live-jwt/config",
            fmt::format(R"({{"jwt_validation_pubkeys":["{}"]}})", escaped(contents(fake.file("issuer.pem")))));
    bao.ask(Method::Post, "auth/live-jwt/role/app",
            fmt::format(R"({{"role_type":"jwt","user_claim":"sub","bound_audiences":["vault"],{}}})", short_lived));
  }
  static void with_fakes(OpenBao& bao) {
    const HttpFake& fake = HttpFake::get();
    bao.ask(Method::Post, "auth/live-ldap/config",
            fmt::format(R"({{"url":"ldap://127.0.0.1:{}","userdn":"ou=people","userattr":"cn",{}}})", fake.port("ldap"),
                        short_lived));
    bao.ask(Method::Post, "auth/live-kubernetes/config",
            fmt::format(R"({{"kubernetes_host":"http://127.0.0.1:{}","token_reviewer_jwt":"reviewer",
                             "disable_local_ca_jwt":true,"kubernetes_ca_cert":"{}"}})",
                        fake.port("cluster"), escaped(contents(OpenBao::ca()))));
    bao.ask(Method::Post, "auth/live-kubernetes/role/app",
            fmt::format(R"({{"bound_service_account_names":["billing"],"bound_service_account_namespaces":["apps"],
                             "audience":"vault",{}}})",
                        short_lived));
  }
};

Credential given(std::string_view text) {
  return {.value = std::make_shared<const SecretValue>(text)};
}

/// A test beside the server; skipped, with the reason, where there is none.
class LiveAuth {
 public:
  LiveAuth() {
    if (const std::string why = OpenBao::missing(); !why.empty()) SKIP("no OpenBao here: " + why);
    Server::get();
  }

  Options options(Login login) const {
    Options options{.settings = {.observer = observer},
                    .address = OpenBao::address(),
                    .mount = "auth-kv",
                    .name_space = "",
                    .login = std::move(login),
                    .is_kv2 = true};
    options.connection.ca_file = OpenBao::ca();
    return options;
  }
  static std::shared_ptr<SecretStore> open(const Options& options) {
    auto store = vault::open(options);
    REQUIRE(store.ok());
    return *store;
  }

  /// Eight threads read for so long; `meanwhile` is called now and then. All reads must be good.
  static void read_for(SecretStore& store, Steady::duration time, const std::function<void()>& meanwhile = {}) {
    const auto end = Steady::now() + time;
    std::atomic<int> good = 0;
    std::mutex mutex;
    std::vector<std::string> failures;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        while (Steady::now() < end) {
          auto secret = store.get("app/db");
          if (secret && secret->value().expose() == "the password") {
            ++good;
            continue;
          }
          const std::lock_guard lock(mutex);
          if (failures.size() < 5) failures.push_back(secret ? "another value" : secret.error().to_string());
        }
      });
    }
    while (Steady::now() < end && meanwhile) meanwhile();
    for (auto& thread : threads) thread.join();
    for (const auto& failure : failures) UNSCOPED_INFO(failure);
    CHECK(failures.empty());
    CHECK(good > 8);
  }
  /// It reads through the end of at least one token of two seconds, and is refused what its policy does not allow.
  void survives(const Options& options) const {
    const auto store = open(options);
    read_for(*store, std::chrono::milliseconds(3500));
    CHECK(observer->count(Event::Kind::Login) >= 2);
    const auto refused = store->get("other/db");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code() == ErrorCode::PermissionDenied);
    CHECK(refused.error().reason() == "vault.refused");
    CHECK(refused.error().to_string().find("auth-kv/data/other/db") != std::string::npos);
  }
  void survives(Login login) const { survives(options(std::move(login))); }

  static void is_denied(const Options& options, const char* reason = "vault.login_refused") {
    const auto denied = open(options)->get("app/db");
    REQUIRE_FALSE(denied.ok());
    INFO(denied.error());
    CHECK(denied.error().code() == ErrorCode::Unauthenticated);
    CHECK(denied.error().reason() == reason);
  }
  void is_denied(Login login, const char* reason = "vault.login_refused") const {
    is_denied(options(std::move(login)), reason);
  }

  static std::string new_token(const std::string& body) {
    const auto made = openbao().ask(Method::Post, "auth/token/create", body);
    return std::string(made.root()["auth"]["client_token"].text());
  }

  std::shared_ptr<testing::RecordingObserver> observer = std::make_shared<testing::RecordingObserver>();
};

struct WrappingRequest {
  std::string target = {};
  std::string token = {};
  std::string body = {};
  bool wrap = false;
  std::string name_space = {};
};

http::Json ask_wrapping(const WrappingRequest& wanted) {
  http::Request request{
      .method = Method::Post, .origin = OpenBao::address(), .target = "/v1/" + wanted.target, .body = wanted.body};
  request.headers.push_back({.name = "X-Vault-Token", .secret = wanted.token});
  if (wanted.wrap) request.headers.push_back({.name = "X-Vault-Wrap-TTL", .value = "60"});
  if (!wanted.name_space.empty()) request.headers.push_back({.name = "X-Vault-Namespace", .value = wanted.name_space});
  if (!wanted.body.empty()) request.headers.push_back({.name = "Content-Type", .value = "application/json"});
  auto answer = http::open_transport({.ca_file = OpenBao::ca()}).value()->send(request);
  return http::Json::parse(std::move(answer->body)).value();
}

std::string new_wrapped_secret_id() {
  const auto answer =
      ask_wrapping({.target = "auth/live-approle/role/app/secret-id", .token = OpenBao::token(), .wrap = true});
  return std::string(answer.root()["wrap_info"]["token"].text());
}

/// In a folder of its own, gone when the test is.
class TokenFile {
 public:
  explicit TokenFile(const std::string& token) {
    REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    write(token);
  }
  TokenFile(const TokenFile&) = delete;
  TokenFile& operator=(const TokenFile&) = delete;
  ~TokenFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// As Vault Agent's sink does it.
  void write(const std::string& token) const {
    std::ofstream(path() + ".new") << token << '\n';
    std::filesystem::rename(path() + ".new", path());
  }
  std::string path() const { return folder_ + "/token"; }

 private:
  std::string folder_ = (std::filesystem::temp_directory_path() / "live-vault-XXXXXX").string();
};

TEST_CASE_METHOD(LiveAuth, "A periodic token is renewed while it is used") {
  const auto store =
      open(options(GivenToken{.token = given(new_token(R"({"period":"2s","policies":["auth-reader"]})"))}));
  read_for(*store, std::chrono::milliseconds(5000));
  CHECK(store->get("other/db").error().code() == ErrorCode::PermissionDenied);
}

TEST_CASE_METHOD(LiveAuth, "A token that cannot be renewed is followed by the next one in its file") {
  const auto next = [] { return new_token(R"({"ttl":"2s","renewable":false,"policies":["auth-reader"]})"); };
  const TokenFile file(next());
  const auto store = open(options(GivenToken{.token = {.file = file.path()}}));
  auto last = Steady::now();
  read_for(*store, std::chrono::milliseconds(5000), [&] {
    std::this_thread::yield();
    if (Steady::now() - last < std::chrono::milliseconds(900)) return;
    last = Steady::now();
    file.write(next());
  });
}

TEST_CASE_METHOD(LiveAuth, "A token of three uses serves three reads, and is rejected then") {
  const auto store =
      open(options(GivenToken{.token = given(new_token(R"({"num_uses":3,"policies":["auth-reader"]})"))}));
  for (int i = 0; i < 3; ++i) CHECK(store->get("app/db").ok());
  CHECK(store->get("app/db").error().reason() == "vault.token_rejected");
}

TEST_CASE_METHOD(LiveAuth, "A token that is wrong or revoked is rejected, one without rights is refused") {
  is_denied(GivenToken{.token = given("s.0123456789abcdefghijkl")}, "vault.token_rejected");
  const std::string token = new_token(R"({"policies":["auth-reader"]})");
  const auto store = open(options(GivenToken{.token = given(token)}));
  CHECK(store->get("app/db").ok());
  openbao().ask(Method::Post, "auth/token/revoke", fmt::format(R"({{"token":"{}"}})", token));
  CHECK(store->get("app/db").error().reason() == "vault.token_rejected");
  const std::string bare = new_token(R"({"policies":["auth-reader"],"no_default_policy":true})");
  const auto without_lookup = open(options(GivenToken{.token = given(bare)}));
  CHECK(without_lookup->get("other/db").error().code() == ErrorCode::PermissionDenied);
  CHECK(without_lookup->get("app/db").ok());
}

TEST_CASE_METHOD(LiveAuth, "AppRole") {
  const auto secret_id = [] {
    const auto made = openbao().ask(Method::Post, "auth/live-approle/role/app/secret-id");
    return std::string(made.root()["data"]["secret_id"].text());
  };
  const AppRole login{
      .mount = "live-approle", .role_id = given(Server::get().role_id), .secret_id = given(secret_id())};
  survives(login);
  is_denied(AppRole{.mount = "live-approle", .role_id = login.role_id, .secret_id = given("wrong")});
  is_denied(AppRole{.mount = "live-approle", .role_id = given("wrong"), .secret_id = login.secret_id});
  is_denied(AppRole{.mount = "live-approle", .role_id = login.role_id});
  is_denied(AppRole{.mount = "nowhere", .role_id = login.role_id, .secret_id = login.secret_id});
}

TEST_CASE_METHOD(LiveAuth,
                 "A batch goes through as many tokens of a few uses as it needs, and a refused path is told") {
  const int uses = GENERATE(1, 2, 3);
  INFO(uses);
  openbao().ask(Method::Post, "auth/live-approle/role/few",
                fmt::format(R"({{"token_num_uses":{},"bind_secret_id":false,"secret_id_bound_cidrs":["0.0.0.0/0"],)"
                            R"("token_bound_cidrs":["0.0.0.0/0"],"token_policies":["auth-reader"]}})",
                            uses));
  const auto role_id = Server::get().text(openbao().ask(Method::Get, "auth/live-approle/role/few/role-id"), "role_id");
  const auto store = open(options(AppRole{.mount = "live-approle", .role_id = given(role_id)}));
  std::vector<Name> names;
  for (int i = 0; i < 9; ++i) names.push_back(Name::parse(fmt::format("app/batch{}", i)).value());
  names.insert(names.begin() + 5, Name::parse("other/db").value());
  std::vector<GetRequest> requests;
  for (const Name& name : names) requests.push_back({.name = name});
  for (int turn = 0; turn < 10; ++turn) {
    const auto secrets = store->get_many(requests);
    REQUIRE(secrets.size() == requests.size());
    for (std::size_t i = 0; i < secrets.size(); ++i) {
      INFO(i << ' ' << (secrets[i] ? "" : secrets[i].error().to_string()));
      CHECK(secrets[i].ok() == (i != 5));
    }
    CHECK(secrets[5].error().code() == ErrorCode::PermissionDenied);
  }
}

TEST_CASE_METHOD(LiveAuth, "AppRole with a wrapped secret id, which serves one program only") {
  const auto wrapped = new_wrapped_secret_id();
  REQUIRE_FALSE(wrapped.empty());
  const AppRole login{.mount = "live-approle",
                      .role_id = given(Server::get().role_id),
                      .secret_id = given(wrapped),
                      .wrapped_secret_id = true};
  survives(login);
  is_denied(login, "vault.wrapped_token");
}

TEST_CASE_METHOD(LiveAuth, "17: a wrapped secret id that a thief opened and wrapped again is refused") {
  const auto opened = ask_wrapping({.target = "sys/wrapping/unwrap", .token = new_wrapped_secret_id()});
  const std::string secret_id(opened.root()["data"]["secret_id"].text());
  REQUIRE_FALSE(secret_id.empty());
  const auto again = ask_wrapping({.target = "sys/wrapping/wrap",
                                   .token = OpenBao::token(),
                                   .body = fmt::format(R"({{"secret_id":"{}"}})", secret_id),
                                   .wrap = true});
  is_denied(AppRole{.mount = "live-approle",
                    .role_id = given(Server::get().role_id),
                    .secret_id = given(again.root()["wrap_info"]["token"].text()),
                    .wrapped_secret_id = true},
            "vault.wrapped_token");
}

TEST_CASE_METHOD(LiveAuth, "A secret id that was wrapped in a namespace") {
  const std::string space = "live-wrapping";
  openbao().ask(Method::Post, "sys/namespaces/" + space);
  openbao().ask(Method::Post, "sys/auth/approle", R"({"type":"approle"})", space);
  openbao().ask(Method::Post, "auth/approle/role/app", R"({"token_policies":["default"]})", space);
  const auto role_id =
      Server::get().text(openbao().ask(Method::Get, "auth/approle/role/app/role-id", {}, space), "role_id");
  const auto wrapped = ask_wrapping(
      {.target = "auth/approle/role/app/secret-id", .token = OpenBao::token(), .wrap = true, .name_space = space});
  Options with = options(AppRole{.role_id = given(role_id),
                                 .secret_id = given(wrapped.root()["wrap_info"]["token"].text()),
                                 .wrapped_secret_id = true});
  with.name_space = space;
  CHECK(open(with)->get("app/db").error().code() == ErrorCode::PermissionDenied);
}

TEST_CASE_METHOD(LiveAuth, "userpass") {
  survives(UserPass{.mount = "live-userpass", .user = "ann", .password = given("right")});
  is_denied(UserPass{.mount = "live-userpass", .user = "ann", .password = given("wrong")});
  is_denied(UserPass{.mount = "live-userpass", .user = "nobody", .password = given("right")});
}

TEST_CASE_METHOD(LiveAuth, "A client certificate") {
  const auto showing = [&](const char* file, const char* role) {
    Options with = options(Certificate{.mount = "live-cert", .role = role});
    with.connection.client_certificate_file = HttpFake::get().file(file);
    with.connection.client_key_file = HttpFake::get().file(file);
    return with;
  };
  survives(showing("client.pem", "web"));
  survives(showing("client.pem", ""));
  is_denied(showing("other.pem", "web"));
  is_denied(showing("client.pem", "unknown"));
}

TEST_CASE_METHOD(LiveAuth, "A JWT") {
  const auto login = [](const char* file, const char* role = "app") {
    return Jwt{.mount = "live-jwt", .role = role, .jwt = {.file = HttpFake::get().file(file)}};
  };
  survives(login("jwt"));
  is_denied(login("jwt-expired"));
  is_denied(login("jwt-stranger"));
  is_denied(login("jwt", "unknown"));
}

TEST_CASE_METHOD(LiveAuth, "LDAP, with a fake directory behind OpenBao") {
  survives(Ldap{.mount = "live-ldap", .user = "ann", .password = given("right")});
  is_denied(Ldap{.mount = "live-ldap", .user = "ann", .password = given("wrong")});
  is_denied(Ldap{.mount = "live-ldap", .user = "bob", .password = given("right")});
}

TEST_CASE_METHOD(LiveAuth, "Kubernetes, with a fake cluster behind OpenBao") {
  const auto login = [](const char* file, const char* role = "app") {
    return Kubernetes{.mount = "live-kubernetes", .role = role, .jwt = {.file = HttpFake::get().file(file)}};
  };
  survives(login("service-account"));
  is_denied(login("service-account-stranger"));
  is_denied(login("service-account", "unknown"));
}

}  // namespace
}  // namespace locket::inline v1::vault
