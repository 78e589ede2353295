#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;

namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view document = R"({
  "db": {"host": "a", "port": 1, "replicas": [{"host": "r0"}, {"host": "r1"}]},
  "log": "stderr"
})";

}  // namespace

TEST_CASE("paths lead through mappings and sequences") {
  const Application app;
  const auto config = app.json(document);
  REQUIRE(config);
  CHECK(*config->get<std::string>("db.replicas[1].host") == "r1");
  CHECK(*config->size("db.replicas") == 2);
  CHECK(*config->size("db") == 3);
  CHECK(*config->size("") == 2);
  CHECK(*config->keys("db") == Texts{"host", "port", "replicas"});
  CHECK(config->keys("db.replicas")->empty());
  CHECK(config->paths() == Texts{"db.host", "db.port", "db.replicas[0].host", "db.replicas[1].host", "log"});
  CHECK(config->has("db"));
  CHECK(config->has("db.replicas[1]"));
  CHECK_FALSE(config->has("db.replicas[2]"));
  CHECK_FALSE(config->has("db["));
  CHECK(config->place("db.port")->to_string() == "app.json:2:31: db.port");
}

TEST_CASE("elements are in the order of their numbers") {
  const Application app;
  const auto config = app.json("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]");
  REQUIRE(config);
  CHECK(*config->get<int>("[10]") == 10);
  CHECK(*config->size("") == 12);
  CHECK(config->paths()[2] == "[2]");
}

TEST_CASE("keys that hold what paths are written with stand in quotes") {
  const Application app;
  const auto config =
      app.json(R"({"a.b": {"": 1, "[0]": 2, "q\"q": 3, "b\\s": 4, "sp ace": 5, "ключ": 6}, "a": {"b": 7},
    "x-y_z": 8})");
  REQUIRE(config);
  CHECK(*config->get<int>(R"("a.b"."")") == 1);
  CHECK(*config->get<int>(R"("a.b"."[0]")") == 2);
  CHECK(*config->get<int>(R"("a.b"."q\"q")") == 3);
  CHECK(*config->get<int>(R"("a.b"."b\\s")") == 4);
  CHECK(*config->get<int>(R"("a.b".sp ace)") == 5);
  CHECK(*config->get<int>(R"("a.b"."sp ace")") == 5);
  CHECK(*config->get<int>(R"("a.b".ключ)") == 6);
  CHECK(*config->get<int>("a.b") == 7);
  CHECK(*config->get<int>("x-y_z") == 8);
  for (const std::string& path : config->paths()) {
    INFO(path);
    CHECK(config->get<int>(path));
  }
}

TEST_CASE("what is no path is refused") {
  const Application app;
  const auto config = app.json(document);
  for (const char* path : {".", "db.", ".db", "db..host", "db[", "db[]", "db[x]", "db[1", "db[-1]", "db[01]", "db[1]x",
                           "\"db", "\"db\\", "db.\"x\"y", "db]", "d\"b", "db[99999999999999999999]"}) {
    INFO(path);
    check_error(config->get<int>(path), ErrorCode::InvalidArgument, "config.path");
    check_error(config->section(path), ErrorCode::InvalidArgument, "config.path");
  }
}

TEST_CASE("what is not there is told with what was probably meant") {
  const Application app;
  const auto config = app.json(document);
  const auto hint = [&](const char* path) { return config->get<int>(path).error().hint(); };
  check_error(config->get<int>("db.prot"), ErrorCode::NotFound, "config.missing");
  CHECK(config->get<int>("db.prot").error().message() == "there is no 'db.prot' in app.json");
  CHECK(hint("db.prot") == "did you mean 'db.port'?");
  CHECK(hint("bd.port") == "did you mean 'db.port'?");
  CHECK(hint("db.replicsa[0].host") == "did you mean 'db.replicas[0].host'?");
  CHECK(hint("db.password") == "in 'db' are: host, port, replicas");
  CHECK(hint("something") == "there are: db, log");
  CHECK(hint("db.port.number") == "in 'db.port' are: ");
}

TEST_CASE("mappings and sequences are not values") {
  const Application app;
  const auto config = app.json(document);
  check_error(config->get<int>("db"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->secret("db.replicas"), ErrorCode::InvalidArgument, "config.type");
  CHECK(config->get<int>("db.replicas").error().message() == "'db.replicas' is a sequence, not a value");
  check_error(config->section("log"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->size("log"), ErrorCode::InvalidArgument, "config.type");
}

TEST_CASE("a section's paths begin there") {
  const Application app;
  const auto config = app.json(document);
  const auto db = config->section("db");
  REQUIRE(db);
  CHECK(*db->get<int>("port") == 1);
  CHECK(db->paths() == Texts{"host", "port", "replicas[0].host", "replicas[1].host"});
  CHECK(*db->section("replicas[1]")->get<std::string>("host") == "r1");
  CHECK(*db->section("")->get<int>("port") == 1);
  CHECK(db->get<int>("prot").error().message() == "there is no 'db.prot' in app.json");
  CHECK(db->get<int>("prot").error().hint() == "did you mean 'db.port'?");
  CHECK(db->get<int>("log").error().code() == ErrorCode::NotFound);
  CHECK(db->get<int>("host").error().place()->path == "db.host");
  check_error(config->section("bd"), ErrorCode::NotFound, "config.missing");
}

TEST_CASE("what is empty counts") {
  const Application app;
  const auto config = app.json(R"([[], {}, 1, [{}], {"": []}])");
  REQUIRE(config);
  CHECK(*config->size("") == 5);
  CHECK(config->paths() == Texts{"[2]"});
  CHECK(*config->size("[3]") == 1);
  CHECK(*config->keys("[4]") == Texts{""});
  CHECK(config->get<int>("[0]").error().message() == "'[0]' is a sequence, not a value");
  CHECK(config->get<int>("[1]").error().message() == "'[1]' is a mapping, not a value");
}

TEST_CASE("a document may be one value, or none") {
  const Application app;
  CHECK(*app.json("7")->get<int>("") == 7);
  CHECK(app.json("7")->paths() == Texts{""});
  const auto nothing = app.json("{}");
  REQUIRE(nothing);
  CHECK(nothing->paths().empty());
  CHECK(*nothing->size("") == 0);
  check_error(nothing->get<int>("a"), ErrorCode::NotFound, "config.missing");
}
