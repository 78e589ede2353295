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
    keep("HOME");
    for (const char* name :
         {"ADDR",       "NAMESPACE",      "CACERT",     "CAPATH",          "CACERT_BYTES",  "CLIENT_CERT",
          "CLIENT_KEY", "SKIP_VERIFY",    "TOKEN",      "TOKEN_FILE",      "ROLE_ID",       "ROLE_ID_FILE",
          "SECRET_ID",  "SECRET_ID_FILE", "PASSWORD",   "PASSWORD_FILE",   "JWT",           "JWT_FILE",
          "HTTP_PROXY", "PROXY_ADDR",     "AGENT_ADDR", "TLS_SERVER_NAME", "CLIENT_TIMEOUT"}) {
      keep(std::string("VAULT_") + name);
      keep(std::string("BAO_") + name);
    }
    for (const auto& [name, value] : wanted) change(std::string(name), value);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& name : names_) change(name, before_.contains(name) ? before_[name].c_str() : nullptr);
  }

 private:
  void keep(const std::string& name) {
    if (const char* value = std::getenv(name.c_str())) before_[name] = value;
    change(name, nullptr);
    names_.push_back(name);
  }
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
  CHECK(options->address == "https://v.example:8200");
  CHECK(options->name_space == "team/dev");
  CHECK(options->connection.ca_file == "/ca.pem");
  CHECK(options->connection.client_certificate_file == "/c.pem");
  CHECK(options->connection.client_key_file == "/k.pem");
  CHECK(std::get<GivenToken>(options->login).token.variable == "VAULT_TOKEN");
}

TEST_CASE("BAO_ goes before VAULT_, as OpenBao's own tools have it") {
  const Environment environment({{"VAULT_ADDR", "https://v.example"},
                                 {"BAO_ADDR", "https://b.example"},
                                 {"BAO_NAMESPACE", ""},
                                 {"VAULT_NAMESPACE", "team"},
                                 {"BAO_TOKEN", "s.bao"},
                                 {"VAULT_TOKEN", "s.vault"}});
  const auto options = complete({});
  REQUIRE(options.ok());
  CHECK(options->address == "https://b.example");
  CHECK(options->name_space == "team");
  CHECK(std::get<GivenToken>(options->login).token.variable == "BAO_TOKEN");
}

TEST_CASE("A variable that asks for what locket does not do is refused, with what to do instead") {
  for (const char* name : {"VAULT_CAPATH", "VAULT_CACERT_BYTES", "VAULT_TLS_SERVER_NAME", "VAULT_PROXY_ADDR",
                           "VAULT_HTTP_PROXY", "VAULT_AGENT_ADDR", "BAO_CAPATH", "BAO_SKIP_VERIFY"}) {
    const Environment environment({{"VAULT_ADDR", "https://v.example"}, {name, "/what"}});
    INFO(name);
    CHECK(refused(Client::make({}, "")).message().find(name) == 0);
  }
  {
    const Environment environment({{"VAULT_CAPATH", "/cas"}, {"VAULT_CACERT", "/ca.pem"}});
    CHECK(complete({}).ok());
  }
  const Environment environment({{"VAULT_CAPATH", "/cas"},
                                 {"VAULT_CACERT_BYTES", "pem"},
                                 {"VAULT_PROXY_ADDR", "http://p"},
                                 {"VAULT_AGENT_ADDR", "http://127.0.0.1:8100"},
                                 {"VAULT_TLS_SERVER_NAME", "vault"}});
  Options whole{.address = "https://v.example"};
  whole.connection.ca_file = "/ca.pem";
  whole.connection.proxy = "http://proxy.example";
  CHECK(complete(whole).ok());
}

TEST_CASE("VAULT_CLIENT_TIMEOUT is the time of a whole call, as Vault's tools read it") {
  using std::chrono::milliseconds;
  const milliseconds by_default = http::TransportOptions().total_timeout;
  const std::vector<std::pair<const char*, milliseconds>> good{{"60", milliseconds(60'000)},
                                                               {"90s", milliseconds(90'000)},
                                                               {"1m30s", milliseconds(90'000)},
                                                               {"1.5m", milliseconds(90'000)},
                                                               {"500ms", milliseconds(500)},
                                                               {"1m1.5s", milliseconds(61'500)},
                                                               {"1h", milliseconds(3'600'000)},
                                                               {"0", by_default},
                                                               {"0s", by_default},
                                                               {"3600", milliseconds(3'600'000)},
                                                               {"", by_default},
                                                               {".5s", milliseconds(500)}};
  for (const auto& [text, time] : good) {
    CAPTURE(text);
    const Environment environment({{"VAULT_CLIENT_TIMEOUT", text}});
    CHECK(complete({})->connection.total_timeout == time);
  }
  for (const char* text : {"soon", "-5", "5 s", "5x", "1h1ms", "3601", "1e3s", "s", "1m30", "99999999999999999999",
                           "1..5s", "inf", "nans", "0x10s"}) {
    CAPTURE(text);
    const Environment environment({{"VAULT_ADDR", "https://v.example"}, {"BAO_CLIENT_TIMEOUT", text}});
    CHECK(refused(Client::make({}, "")).message().find("BAO_CLIENT_TIMEOUT") != std::string::npos);
  }
  const Environment environment({{"VAULT_CLIENT_TIMEOUT", "1m"}});
  CHECK(complete({.connection = {.total_timeout = milliseconds(5'000)}})->connection.total_timeout ==
        milliseconds(5'000));
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
  CHECK(refused(Client::make({}, "")).hint() == "write vault://host:8200/MOUNT, or set VAULT_ADDR");
  for (const char* address : {"vault.example:8200", "https://", "https://v.example/secret", "https://ann@v.example",
                              "http://v.example:8200", "unix:///run/vault.sock", "https://v.example:0"}) {
    INFO(address);
    refused(Client::make({.address = address}, ""));
  }
  const Error told = refused(Client::make({.address = "https://v.example?token=canary"}, ""));
  CHECK(told.message().find("https://v.example") != std::string::npos);
  CHECK(told.to_string().find("canary") == std::string::npos);
  CHECK(refused(Client::make({.address = "https://ann:canary@v.example?x"}, "")).to_string().find("canary") ==
        std::string::npos);
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
  for (const char* bad : {"a\r\nX-Vault-Token: x", "a//b", "../a", "/a", "/a/", " ", " a", "a ", "a /"}) {
    INFO(bad);
    with.name_space = bad;
    const std::string message = refused(Client::make(with, "")).message();
    if (std::string_view(bad).find('\r') == std::string_view::npos) {
      CHECK(message.starts_with(fmt::format("'{}' ", bad)));
    }
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
    for (const char* of_code : {"member", "value", "its file"}) {
      CHECK(client.error().hint().find(of_code) == std::string::npos);
    }
  }
  CHECK(vault->count("") == 0);
}

TEST_CASE("A login by certificate needs one") {
  const Environment environment;
  const auto failed = refused(Client::make({.address = "https://v.example", .login = Certificate{}}, ""));
  CHECK(failed.hint().find("cert=") != std::string::npos);
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

TEST_CASE("An empty option of a URL is refused: another identity or trust would take its place") {
  const Environment environment({{"VAULT_TOKEN", "s.other"}, {"VAULT_ROLE_ID", "r"}, {"VAULT_SECRET_ID", "s"}});
  for (const char* option :
       {"token-file=", "ca=", "cert=", "key=", "auth=", "wait-ready=", "kv=", "auth=approle&role-id-file=",
        "auth=approle&secret-id-file=", "auth=approle&wrapped-secret-id-file=", "auth=kubernetes&role=r&jwt-file=",
        "auth=cert&role=", "auth=approle&auth-mount=", "auth=userpass&user="}) {
    INFO(option);
    const auto options = options_of(StoreUrl::parse(fmt::format("vault://v.example:8200/secret?{}", option)).value());
    REQUIRE_FALSE(options.ok());
    CHECK(options.error().code() == ErrorCode::InvalidArgument);
    CHECK_FALSE(options.error().hint().empty());
  }
  const auto root = options_of(StoreUrl::parse("vault://v.example:8200/secret?namespace=&prefix=").value());
  REQUIRE(root.ok());
  CHECK(root->name_space == "");
  CHECK(root->prefix.empty());
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
