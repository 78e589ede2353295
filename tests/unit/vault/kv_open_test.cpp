#include <chrono>
#include <string>
#include <vector>

#include <locket/registry.hpp>

#include "kv_script.hpp"

using namespace locket;
using namespace std::chrono_literals;
using enum ErrorCode;

namespace {

std::string health_answer(bool initialized, bool sealed) {
  return std::string(R"({"initialized":)") + (initialized ? "true" : "false") + R"(,"sealed":)" +
         (sealed ? "true" : "false") + R"(,"version":"2.4.0"})";
}

Result<vault::Options> options_of(const std::string& url) {
  return vault::options_of(StoreUrl::parse(url).value());
}

}  // namespace

TEST_CASE("Each state of a server has its word") {
  const auto state = [](int status, const std::string& body) {
    Script script;
    script.get("sys/health", status, body);
    const auto health = script.store->health();
    REQUIRE(health);
    CHECK(health->ready == (health->state == "ok"));
    if (health->ready && status != 200) CHECK(has(health->detail, "standby"));
    script.done();
    return health->state;
  };
  CHECK(state(200, health_answer(true, false)) == "ok");
  // They pass requests on.
  CHECK(state(429, health_answer(true, false)) == "ok");
  CHECK(state(473, health_answer(true, false)) == "ok");
  CHECK(state(472, health_answer(true, false)) == "dr_secondary");
  CHECK(state(501, health_answer(false, true)) == "not_initialized");
  CHECK(state(503, health_answer(true, true)) == "sealed");
  CHECK(state(530, health_answer(true, false)) == "removed");
  CHECK(state(503, "<html>try later</html>") == "unavailable");
  CHECK(state(502, "") == "unavailable");
}

TEST_CASE("What is not Vault is not healthy") {
  for (const auto& [status, body] :
       std::vector<std::pair<int, std::string>>{{200, "<html>Welcome</html>"},
                                                {200, "{}"},
                                                {200, R"({"initialized":"yes","sealed":"no"})"},
                                                {404, ""},
                                                {429, health_answer(true, true)},
                                                {473, health_answer(false, false)},
                                                {418, health_answer(true, false)}}) {
    Script script;
    script.get("sys/health", status, body);
    fails(script.store->health(), MalformedResponse, "vault.response");
  }
}

TEST_CASE("Health is asked without a token and without a namespace") {
  Script script({.mount = "secret", .name_space = "team"});
  script.get("sys/health", 200, health_answer(true, false));
  CHECK(script.store->health());
  REQUIRE(script.transport->sent().size() == 1);
  CHECK_FALSE(script.transport->sent()[0].header("X-Vault-Token"));
  CHECK_FALSE(script.transport->sent()[0].header("X-Vault-Namespace"));
}

TEST_CASE("Opening waits until the server is ready, as long as it was told") {
  const auto clock = std::make_shared<testing::ManualClock>(testing::ManualClock::Waits::Never);
  const auto open = [&](std::vector<testing::CannedAnswer> answers, std::chrono::milliseconds wait) {
    const auto transport = std::make_shared<testing::ScriptedTransport>();
    for (testing::CannedAnswer& answer : answers) transport->expect({.target = "/v1/sys/health"}, answer);
    transport->otherwise(answers.back());
    const std::shared_ptr<SecretValue> token = std::make_shared<SecretValue>("s.token");
    return vault::open({.settings = {.clock = clock},
                        .address = "https://vault.test",
                        .name_space = "",
                        .login = vault::GivenToken{.token = {.value = token}},
                        .wait_ready = wait,
                        .transport = transport});
  };
  const testing::CannedAnswer sealed{.status = 503, .body = health_answer(true, true)};
  const testing::CannedAnswer ok{.body = health_answer(true, false)};
  const testing::CannedAnswer down{.error = Error({.code = Network, .reason = "http.connect"})};
  const testing::CannedAnswer left_alone{.error = Error({.code = Unavailable, .reason = "http.breaker_open"})};
  const testing::CannedAnswer untrusted{
      .error = Error({.code = Network, .reason = "http.tls_untrusted", .retryable = false})};

  CHECK(open({down, sealed, {.status = 502}, ok}, 1min));
  auto begin = clock->steady();
  fails(open({sealed}, 1min), Unavailable, "vault.sealed");
  CHECK(clock->steady() - begin > 50s);
  CHECK(clock->steady() - begin <= 1min);
  fails(open({down}, 1min), Network, "http.connect");
  // That it is left alone says nothing about why.
  fails(open({down, left_alone}, 1min), Network, "http.connect");
  fails(open({sealed, left_alone}, 1min), Unavailable, "vault.sealed");
  fails(open({left_alone}, 1min), Unavailable, "http.breaker_open");
  CHECK(open({{.status = 429, .body = health_answer(true, false)}}, 1min));
  begin = clock->steady();
  fails(open({untrusted}, 1min), Network, "http.tls_untrusted");
  CHECK(clock->steady() == begin);
  CHECK(open({sealed}, 0ms));
  fails(open({ok}, 61min), InvalidArgument, "vault.option");
  fails(open({ok}, -1ms), InvalidArgument, "vault.option");
}

TEST_CASE("A mount or prefix that is no name is refused") {
  for (const auto& [mount, prefix] : std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                                                      {"/secret", ""},
                                                                                      {"a//b", ""},
                                                                                      {"..", ""},
                                                                                      {"a/../b", ""},
                                                                                      {"se cret", ""},
                                                                                      {"secret?x", ""},
                                                                                      {"secret", "/a"},
                                                                                      {"secret", "a//b"},
                                                                                      {"secret", ".."},
                                                                                      {"secret", "a%2fb"},
                                                                                      {"secret", "a\nb"}}) {
    CAPTURE(mount, prefix);
    fails(vault::open({.address = "https://vault.test", .mount = mount, .prefix = prefix}), InvalidArgument,
          "vault.option");
  }
}

TEST_CASE("A URL says what the options say") {
  const auto options = options_of(
      "vault://vault.test:8200/team/kv?prefix=apps/billing&namespace=a/b&ca=/ca.pem&cert=/c.pem&key=/k.pem&kv=2"
      "&wait-ready=2m&auth=token&token-file=/t");
  REQUIRE(options);
  CHECK(options->address == "https://vault.test:8200");
  CHECK(options->mount == "team/kv");
  CHECK(options->prefix == "apps/billing");
  CHECK(options->name_space == "a/b");
  CHECK(options->connection.ca_file == "/ca.pem");
  CHECK(options->connection.client_certificate_file == "/c.pem");
  CHECK(options->connection.client_key_file == "/k.pem");
  CHECK(options->is_kv2);
  CHECK(options->wait_ready == 2min);
  const auto plain = options_of("vault+http://127.0.0.1:8200/secret?auth=token&token-file=/t");
  REQUIRE(plain);
  CHECK(plain->address == "http://127.0.0.1:8200");
  CHECK(plain->mount == "secret");
  CHECK_FALSE(plain->is_kv2);
  CHECK_FALSE(plain->name_space);
  const auto bare = options_of("vault:?auth=token&token-file=/t");
  REQUIRE(bare);
  CHECK(bare->address.empty());
  CHECK(bare->mount == "secret");
}

TEST_CASE("A URL that says something else is refused") {
  const std::string rest = "&auth=token&token-file=/t";
  for (const auto* url : {"vault://h/secret?kv=3", "vault://h/secret?wait-ready=soon", "vault://h/secret?wait-ready=5",
                          "vault://h/secret?wait-ready=-5s", "vault://h/secret?wait-ready=99999999999s",
                          "vault+http:secret?x=y", "vault://h/secret?prefx=a", "vault+http:?kv=2"}) {
    CAPTURE(url);
    fails(options_of(url + rest), InvalidArgument, "vault.option");
  }
  fails(options_of("vault://h/secret?kv=1" + rest), NotSupported, "vault.kv1");
  CHECK(options_of("vault://h/secret?prefx=a" + rest).error().hint().find("prefix") != std::string::npos);
  fails(options_of("env:?prefix=A"), InvalidArgument, "vault.option");
}

TEST_CASE("The registry opens all schemes, plain HTTP to this machine alone") {
  Registry registry;
  vault::add_schemes(registry);
  CHECK(registry.schemes() == std::vector<std::string>{"vault", "vault+http", "vault-db", "vault-db+http"});
  const auto store = registry.open("vault://vault.test:8200/kv?namespace=team&prefix=a&auth=token&token-file=/t");
  REQUIRE(store);
  CHECK((*store)->describe() == "vault https://vault.test:8200/kv, prefix a/, namespace team");
  CHECK((*store)->capabilities() == registry.find("vault")->capabilities);
  CHECK(registry.open("vault+http://127.0.0.1:8200/kv?auth=token&token-file=/t"));
  const auto far = registry.open("vault+http://vault.test:8200/kv?auth=token&token-file=/t");
  REQUIRE_FALSE(far);
  CHECK(far.error().code() == InvalidArgument);
}

TEST_CASE("How many versions are kept is told as it was given") {
  Script script({.mount = "secret", .is_kv2 = true, .max_versions = 25});
  CHECK(script.store->capabilities().max_versions == 25);
  CHECK(Script().store->capabilities().max_versions == 10);
}
