#include <cstdlib>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

#include "auth_fixture.hpp"
#include "environment.hpp"
#include "login_url.hpp"

namespace locket::inline v1::vault {
namespace {

/// Vault's variables as a test wants them, and as they were when it is over.
class Environment {
 public:
  explicit Environment(std::initializer_list<std::pair<std::string_view, const char*>> wanted = {}) {
    for (const char* name :
         {"VAULT_ADDR", "VAULT_NAMESPACE", "VAULT_CACERT", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY", "VAULT_SKIP_VERIFY",
          "VAULT_TOKEN", "VAULT_TOKEN_FILE", "VAULT_ROLE_ID", "VAULT_ROLE_ID_FILE", "VAULT_SECRET_ID",
          "VAULT_SECRET_ID_FILE", "VAULT_PASSWORD", "VAULT_PASSWORD_FILE", "VAULT_JWT", "VAULT_JWT_FILE", "HOME"}) {
      if (const char* value = std::getenv(name)) before_[name] = value;
      change(name, nullptr);
      names_.emplace_back(name);
    }
    for (const auto& [name, value] : wanted) change(std::string(name), value);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& name : names_) change(name, before_.contains(name) ? before_[name].c_str() : nullptr);
  }

 private:
  static void change(const std::string& name, const char* value) {
    if (value == nullptr) {
      ::unsetenv(name.c_str());
    } else {
      ::setenv(name.c_str(), value, 1);
    }
  }
  std::vector<std::string> names_;
  std::map<std::string, std::string> before_;
};

Error refused(const Result<std::shared_ptr<Client>>& client) {
  REQUIRE_FALSE(client.ok());
  CHECK(client.error().code() == ErrorCode::InvalidArgument);
  CHECK_FALSE(client.error().hint().empty());
  return client.error();
}

TEST_CASE("The environment fills in what the options leave open") {
  const Environment environment({{"VAULT_ADDR", "https://v.example:8200/"},
                                 {"VAULT_NAMESPACE", "team/dev"},
                                 {"VAULT_CACERT", "/ca.pem"},
                                 {"VAULT_CLIENT_CERT", "/c.pem"},
                                 {"VAULT_CLIENT_KEY", "/k.pem"},
                                 {"VAULT_TOKEN", "s.env"},
                                 {"VAULT_TOKEN_FILE", "/token"}});
  const auto options = complete({});
  REQUIRE(options.ok());
  CHECK(options->address == "https://v.example:8200/");
  CHECK(options->name_space == "team/dev");
  CHECK(options->connection.ca_file == "/ca.pem");
  CHECK(options->connection.client_certificate_file == "/c.pem");
  CHECK(options->connection.client_key_file == "/k.pem");
  CHECK(std::get<GivenToken>(options->login).token.variable == "VAULT_TOKEN");
}

TEST_CASE("What the options say stands, whatever the environment says") {
  const Environment environment({{"VAULT_ADDR", "https://other.example"},
                                 {"VAULT_NAMESPACE", "other"},
                                 {"VAULT_CACERT", "/other.pem"},
                                 {"VAULT_CLIENT_CERT", "/c.pem"},
                                 {"VAULT_CLIENT_KEY", "/k.pem"},
                                 {"VAULT_TOKEN", "s.env"}});
  Options given{.address = "https://v.example", .name_space = "", .login = Certificate{}};
  given.connection.ca_file = "/ca.pem";
  given.connection.client_certificate_file = "/both.pem";
  const auto options = complete(std::move(given));
  REQUIRE(options.ok());
  CHECK(options->address == "https://v.example");
  CHECK(options->name_space == "");
  CHECK(options->connection.ca_file == "/ca.pem");
  CHECK(options->connection.client_key_file.empty());
  CHECK(std::holds_alternative<Certificate>(options->login));
}

TEST_CASE("Without a login: VAULT_TOKEN, then VAULT_TOKEN_FILE, then ~/.vault-token") {
  {
    const Environment environment({{"VAULT_TOKEN_FILE", "/token"}, {"HOME", "/home/ann"}});
    CHECK(std::get<GivenToken>(complete({})->login).token.file == "/token");
  }
  {
    const Environment environment({{"VAULT_TOKEN", ""}, {"HOME", "/home/ann"}});
    CHECK(std::get<GivenToken>(complete({})->login).token.file == "/home/ann/.vault-token");
  }
  const Environment environment;
  CHECK(std::holds_alternative<std::monostate>(complete({})->login));
}

TEST_CASE_METHOD(AuthFixture, "Without any token the first call says so, and not the opening") {
  const Environment environment({{"HOME", "/nonexistent"}});
  const auto failed = read(*client(options({})));
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code() == ErrorCode::Unauthenticated);
  CHECK(failed.error().reason() == "vault.no_login");
  CHECK(failed.error().message().find("/nonexistent/.vault-token") != std::string::npos);
  CHECK(vault->count("") == 0);
}

TEST_CASE("VAULT_SKIP_VERIFY is refused, unless it says no") {
  for (const char* yes : {"1", "true", "yes", "T"}) {
    const Environment environment({{"VAULT_SKIP_VERIFY", yes}});
    CHECK(refused(Client::make({.address = "https://v.example"}, "")).message().find("VAULT_SKIP_VERIFY") !=
          std::string::npos);
  }
  for (const char* no : {"", "0", "false", "F"}) {
    const Environment environment({{"VAULT_SKIP_VERIFY", no}});
    CHECK(complete({}).ok());
  }
}

TEST_CASE("An address is a scheme, a host and a port") {
  const Environment environment;
  CHECK(refused(Client::make({}, "")).hint().find("VAULT_ADDR") != std::string::npos);
  for (const char* address : {"vault.example:8200", "https://", "https://v.example/secret", "https://ann@v.example",
                              "http://v.example:8200", "unix:///run/vault.sock", "https://v.example:0"}) {
    INFO(address);
    refused(Client::make({.address = address}, ""));
  }
  for (const char* address : {"https://v.example", "https://v.example:8200/", "http://127.0.0.1:8200"}) {
    INFO(address);
    CHECK(Client::make({.address = address}, "").ok());
  }
}

TEST_CASE_METHOD(AuthFixture, "A namespace goes into a header, and nothing else with it") {
  Options with = by_app_role();
  with.name_space = "team/dev/";
  const auto client = this->client(with);
  CHECK(read(*client).ok());
  CHECK(vault->last("secret/").headers.at("X-Vault-Namespace") == "team/dev/");
  CHECK(vault->last("auth/").headers.at("X-Vault-Namespace") == "team/dev/");
  CHECK(client->send({.path = "sys/health", .anonymous = true, .at_root = true, .every_status = true}, {}).ok());
  CHECK_FALSE(vault->last("sys/").headers.contains("X-Vault-Namespace"));
  for (const char* bad : {"a\r\nX-Vault-Token: x", "a//b", "../a", "/a"}) {
    with.name_space = bad;
    refused(Client::make(with, ""));
  }
}

TEST_CASE_METHOD(AuthFixture, "A login that cannot be one is refused before anything is sent") {
  const Credential two{.file = "/x", .variable = "X"};
  const std::vector<Login> bad{
      GivenToken{},
      GivenToken{.token = two},
      AppRole{},
      AppRole{.mount = "", .role_id = given("r")},
      AppRole{.mount = "a/../b", .role_id = given("r")},
      AppRole{.mount = "approle/", .role_id = given("r")},
      AppRole{.role_id = given("r"), .secret_id = Credential{}},
      AppRole{.role_id = given("r"), .wrapped_secret_id = true},
      Kubernetes{},
      Jwt{.role = "r"},
      UserPass{.password = given("p")},
      UserPass{.user = "../../sys", .password = given("p")},
      UserPass{.user = "..", .password = given("p")},
      Ldap{.user = "ann"},
      Ldap{.user = "a\nb", .password = given("p")},
      std::shared_ptr<TokenSource>(),
  };
  for (const Login& login : bad) {
    INFO(login.index());
    const auto client = Client::make(options(login), "");
    REQUIRE_FALSE(client.ok());
    CHECK(client.error().code() == ErrorCode::InvalidArgument);
    CHECK(client.error().reason() == "vault.option");
  }
  CHECK(vault->count("") == 0);
}

TEST_CASE("A login by certificate needs one") {
  const Environment environment;
  const auto failed = refused(Client::make({.address = "https://v.example", .login = Certificate{}}, ""));
  CHECK(failed.hint().find("VAULT_CLIENT_CERT") != std::string::npos);
}

Result<Login> login_in(const std::string& options) {
  const auto url = StoreUrl::parse("vault://v.example:8200/secret?" + options);
  REQUIRE(url.ok());
  return login_of(*url);
}

TEST_CASE("A URL says how to log in") {
  const Environment environment;
  CHECK(std::holds_alternative<std::monostate>(*login_in("prefix=p")));
  CHECK(std::get<GivenToken>(*login_in("token-file=/t")).token.file == "/t");

  const auto approle =
      std::get<AppRole>(*login_in("auth=approle&auth-mount=team/apps&role-id-file=/r&secret-id-file=/s"));
  CHECK(approle.mount == "team/apps");
  CHECK(approle.role_id.file == "/r");
  CHECK(approle.secret_id->file == "/s");
  CHECK_FALSE(approle.wrapped_secret_id);
  const auto wrapped = std::get<AppRole>(*login_in("auth=approle&role-id-file=/r&wrapped-secret-id-file=/w"));
  CHECK(wrapped.wrapped_secret_id);
  CHECK(wrapped.secret_id->file == "/w");
  CHECK_FALSE(std::get<AppRole>(*login_in("auth=approle&role-id-file=/r")).secret_id.has_value());

  const auto kubernetes = std::get<Kubernetes>(*login_in("auth=kubernetes&role=app"));
  CHECK(kubernetes.role == "app");
  CHECK(kubernetes.jwt.file == "/var/run/secrets/kubernetes.io/serviceaccount/token");
  CHECK(std::get<Kubernetes>(*login_in("auth=kubernetes&role=app&jwt-file=/j")).jwt.file == "/j");
  CHECK(std::get<Jwt>(*login_in("auth=jwt&jwt-file=/j")).mount == "jwt");
  CHECK(std::get<UserPass>(*login_in("auth=userpass&user=ann&password-file=/p")).user == "ann");
  CHECK(std::get<Ldap>(*login_in("auth=ldap&user=ann&password-file=/p")).mount == "ldap");
  CHECK(std::get<Certificate>(*login_in("auth=cert&role=web")).role == "web");
}

TEST_CASE("What is secret comes from the environment where a URL names no file") {
  const Environment environment(
      {{"VAULT_ROLE_ID", "r"}, {"VAULT_SECRET_ID_FILE", "/s"}, {"VAULT_JWT_FILE", "/j"}, {"VAULT_PASSWORD", "p"}});
  const auto approle = std::get<AppRole>(*login_in("auth=approle"));
  CHECK(approle.role_id.variable == "VAULT_ROLE_ID");
  CHECK(approle.secret_id->file == "/s");
  CHECK(std::get<AppRole>(*login_in("auth=approle&role-id-file=/r")).role_id.file == "/r");
  CHECK(std::get<Jwt>(*login_in("auth=jwt")).jwt.file == "/j");
  CHECK(std::get<Ldap>(*login_in("auth=ldap&user=ann")).password.variable == "VAULT_PASSWORD");
}

TEST_CASE("A URL's login that is none is refused, with what is missing or meant") {
  const Environment environment;
  const auto hint = [](const char* options) {
    const auto login = login_in(options);
    REQUIRE_FALSE(login.ok());
    CHECK(login.error().reason() == "vault.option");
    return login.error().hint();
  };
  CHECK(hint("auth=aproll").find("approle") != std::string::npos);
  CHECK(hint("auth=approle").find("VAULT_ROLE_ID_FILE") != std::string::npos);
  CHECK(hint("auth=jwt").find("jwt-file") != std::string::npos);
  CHECK(hint("auth=userpass&user=ann").find("password-file") != std::string::npos);
  CHECK(hint("auth=approle&role-id-file=/r&token-file=/t").find("token-file") != std::string::npos);
  CHECK(hint("role=app").find("auth=") != std::string::npos);
  CHECK(hint("auth=approle&role-id-file=/r&secret-id-file=/s&wrapped-secret-id-file=/w").find("out") !=
        std::string::npos);
}

}  // namespace
}  // namespace locket::inline v1::vault
