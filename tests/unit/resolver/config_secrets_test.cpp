#include <sstream>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;

TEST_CASE("a secret is given as what it is, and never as a string") {
  const Application app{{"db/password", "hunter2"}};
  std::shared_ptr<const SecretValue> password;
  {
    const auto config =
        app.json(R"({"db": {"password": "$<secret:db/password>", "url": "x://$<secret:db/password>@h"}})");
    REQUIRE(config);
    CHECK(config->is_secret("db.password"));
    check_error(config->get<std::string>("db.password"), ErrorCode::InvalidArgument, "config.secret");
    CHECK(config->get<std::string>("db.password").error().hint() == "use secret()");
    check_error(config->get<std::string>("db.url"), ErrorCode::InvalidArgument, "config.secret");
    CHECK((*config->secret("db.url"))->expose() == "x://hunter2@h");
    CHECK(config->secret("db.password")->get() == config->secret("db.password")->get());
    password = *config->secret("db.password");
  }
  CHECK(password->expose() == "hunter2");
}

TEST_CASE("a plain value is a secret to who asks for one") {
  const Application app;
  const auto config = app.json(R"({"password": "plain", "pin": 1234, "none": null, "escaped": "$$<secret:x>"})");
  REQUIRE(config);
  CHECK_FALSE(config->is_secret("password"));
  CHECK((*config->secret("password"))->expose() == "plain");
  CHECK((*config->secret("pin"))->expose() == "1234");
  check_error(config->secret("none"), ErrorCode::NotFound, "config.missing");
  CHECK_FALSE(config->is_secret("escaped"));
  CHECK(*config->get<std::string>("escaped") == "$<secret:x>");
}

TEST_CASE("a secret has the type that it is read as, unless the reference says which") {
  const Application app{{"port", "5432"}, {"flag", "true"}, {"wait", "30s"}, {"json", R"({"a": 1})"}};
  const auto config =
      app.json(R"({"port": "$<secret:port>", "typed": "$<secret:port?type=int>", "flag": "$<secret:flag>",
    "bool": "$<secret:flag?type=bool>", "text": "$<secret:port?type=str>", "wait": "$<secret:wait>",
    "json": "$<secret:json?type=json>", "part": "54$<secret:port>", "gone": "$<secret:gone?optional>",
    "default": "$<secret:gone|9>"})");
  REQUIRE(config);
  CHECK(*config->get<int>("port") == 5432);
  CHECK(*config->get<int>("typed") == 5432);
  CHECK(*config->get<int>("part") == 545432);
  CHECK(*config->get<int>("default") == 9);
  CHECK(config->is_secret("default"));
  CHECK(*config->get<bool>("flag"));
  CHECK(*config->get<bool>("bool"));
  CHECK(*config->get<std::chrono::seconds>("wait") == std::chrono::seconds(30));
  check_error(config->get<bool>("typed"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->get<int>("json"), ErrorCode::InvalidArgument, "config.type");
  CHECK((*config->secret("json"))->expose() == R"({"a": 1})");
  check_error(config->get<int>("json.a"), ErrorCode::NotFound, "config.missing");
  check_error(config->get<int>("gone"), ErrorCode::NotFound, "config.missing");
  CHECK_FALSE(config->has("gone"));
}

TEST_CASE("no error tells what a secret holds") {
  const Application app{{"a", "s3cr3t-99"}, {"b", "99999999999999999999"}, {"c", "099"}, {"d", "1500ms"}};
  const auto config = app.json(R"({"a": "$<secret:a>", "b": "$<secret:b>", "c": "$<secret:c>", "d": "$<secret:d>"})");
  REQUIRE(config);
  std::ostringstream told;
  for (const char* path : {"a", "b", "c", "d", "a.b"}) {
    told << config->get<int>(path).error() << config->get<bool>(path).error() << config->get<std::string>(path).error();
    told << config->get<std::chrono::seconds>(path).error() << config->section(path).error();
    if (const auto number = config->get<double>(path); !number) told << number.error();
  }
  CHECK(told.str().find("s3cr3t") == std::string::npos);
  CHECK(told.str().find("99") == std::string::npos);
  CHECK(told.str().find("1500") == std::string::npos);
  CHECK(config->get<int>("a").error().to_string() ==
        "app.json:1:7: a: there is a secret, where an integer is wanted; hint: look at the secret: it must read like "
        "8080");
}

TEST_CASE("a secret that looks like a document or a reference is one value") {
  const std::string yaml = "x\nadmin: true\n\"}, \"admin\": true, {\"\n$<secret:other>";
  const Application app{{"evil", yaml}, {"other", "seen"}};
  const auto config = app.json(R"({"a": "$<secret:evil>", "b": 1})");
  REQUIRE(config);
  CHECK((*config->secret("a"))->expose() == yaml);
  CHECK(config->paths() == std::vector<std::string>{"a", "b"});
  const auto env = app.dotenv("A=$<secret:evil>\nB=1\n");
  CHECK((*env->secret("A"))->expose() == yaml);
  CHECK(env->paths() == std::vector<std::string>{"A", "B"});
}

TEST_CASE("a secret of any bytes is kept as it is") {
  const std::string bytes("\0\xFF\n\x80", 4);
  const Application app{{"bytes", bytes}, {"empty", ""}};
  const auto config = app.json(R"({"a": "$<secret:bytes>", "b": "$<secret:empty>"})");
  REQUIRE(config);
  CHECK((*config->secret("a"))->expose() == bytes);
  CHECK((*config->secret("b"))->empty());
  CHECK(config->has("b"));
}
