#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;

namespace {

using Texts = std::vector<std::string>;

Result<Config> layered(const Application& app, std::string_view base, std::string_view upper) {
  app.write("app.json", base);
  app.write("app.prod.json", upper);
  return app.load("app.json", "prod");
}

void check_clash(const Result<Config>& config) {
  check_error(config, ErrorCode::InvalidArgument, "config.layers");
}

}  // namespace

TEST_CASE("an environment's values lie over the base's") {
  const Application app;
  const auto config =
      layered(app, R"({"db": {"host": "base", "port": 1}, "log": "x"})", R"({"db": {"host": "prod", "pool": 9}})");
  REQUIRE(config);
  CHECK(*config->get<std::string>("db.host") == "prod");
  CHECK(*config->get<int>("db.port") == 1);
  CHECK(*config->get<int>("db.pool") == 9);
  CHECK(config->files() == Texts{app.path("app.json"), app.path("app.prod.json")});
  CHECK(config->place("db.host")->file == app.path("app.prod.json"));
  CHECK(config->place("db.port")->file == app.path("app.json"));
}

TEST_CASE("without its file an environment is the base, but the base must be there") {
  const Application app;
  app.write("app.json", R"({"a": 1})");
  const auto config = app.load("app.json", "staging");
  REQUIRE(config);
  CHECK(config->files() == Texts{app.path("app.json")});
  CHECK(app.load("app.json")->files().size() == 1);
  check_error(app.load("other.json", "staging"), ErrorCode::NotFound, "resolver.file");
  app.write("only.prod.json", "{}");
  check_error(app.load("only.json", "prod"), ErrorCode::NotFound, "resolver.file");
}

TEST_CASE("a layer that is there and cannot be read is an error") {
  const Application app;
  app.write("app.json", R"({"a": 1})");
  std::filesystem::create_directory(app.path("app.folder.json"));
  check_error(app.load("app.json", "folder"), ErrorCode::InvalidArgument, "resolver.file");
  std::filesystem::create_symlink("nowhere.json", app.path("app.dangling.json"));
  check_error(app.load("app.json", "dangling"), ErrorCode::NotFound, "resolver.file");
  std::filesystem::create_symlink("app.cycle.json", app.path("app.cycle.json"));
  check_error(app.load("app.json", "cycle"), ErrorCode::InvalidArgument, "resolver.file");
}

TEST_CASE("a layer that leads to the base changes nothing") {
  const Application app;
  app.write("app.json", R"({"a": 1, "list": [1, 2]})");
  std::filesystem::create_symlink("app.json", app.path("app.same.json"));
  const auto config = app.load("app.json", "same");
  REQUIRE(config);
  CHECK(config->paths() == Texts{"a", "list[0]", "list[1]"});
}

TEST_CASE("an environment's name cannot lead elsewhere") {
  const Application app;
  app.write("app.json", "{}");
  for (const char* name : {"../x", "a/b", ".", "..", "a.b", "a b", "a\nb"}) {
    INFO(name);
    check_error(app.load("app.json", name), ErrorCode::InvalidArgument, "config.environment");
  }
}

TEST_CASE("where the environment stands in a file's name") {
  const Application app;
  const auto check = [&](const char* base, const char* upper) {
    INFO(base);
    app.write(base, "A=1\n");
    app.write(upper, "A=2\n");
    const auto config = app.load(base, "prod");
    REQUIRE(config);
    CHECK(*config->get<int>("A") == 2);
  };
  check(".env", ".env.prod");
  check("app.env", "app.prod.env");
  check("a.b.env", "a.b.prod.env");
}

TEST_CASE("sequences are replaced whole") {
  const Application app;
  const auto config = layered(app, R"({"a": [1, 2, 3], "b": [{"x": 1, "y": 2}], "c": 1, "d": [1], "e": [[1, 2], [3]]})",
                              R"({"a": [9], "b": [{"x": 7}], "c": [5], "d": 6, "e": [[8]]})");
  REQUIRE(config);
  CHECK(config->paths() == Texts{"a[0]", "b[0].x", "c[0]", "d", "e[0][0]"});
  CHECK(*config->get<int>("a[0]") == 9);
  CHECK(*config->get<int>("d") == 6);
  const auto roots = layered(app, "[1, 2, 3]", "[9]");
  REQUIRE(roots);
  CHECK(roots->paths() == Texts{"[0]"});
}

TEST_CASE("a null takes a value away, and a reference that finds nothing too") {
  const Application app;
  const auto config = layered(app, R"({"a": 1, "b": [1, 2], "c": 3, "d": null})",
                              R"({"a": null, "b": null, "c": "$<secret:none?optional>", "d": {"e": 4}})");
  REQUIRE(config);
  CHECK(config->paths() == Texts{"d.e"});
  CHECK(*config->get_or("a", 7) == 7);
}

TEST_CASE("layers must have one shape") {
  const Application app;
  check_clash(layered(app, R"({"a": {"b": 1}})", R"({"a": 1})"));
  check_clash(layered(app, R"({"a": {"b": 1}})", R"({"a": null})"));
  check_clash(layered(app, R"({"a": {"b": 1}})", R"({"a": [1]})"));
  check_clash(layered(app, R"({"a": 1})", R"({"a": {"b": 1, "c": 2}})"));
  check_clash(layered(app, R"({"a": [1, 2]})", R"({"a": {"b": 1}})"));
  check_clash(layered(app, R"({"a": 1})", "[1]"));
  check_clash(layered(app, "7", R"({"a": {"b": 1}})"));
  const auto config = layered(app, "{\"a\":\n {\"b\": 1}}", R"({"a": 1})");
  CHECK(config.error().place()->to_string() == app.path("app.prod.json") + ":1:7: a");
  CHECK(config.error().message().find(app.path("app.json") + ":2:8: a.b") != std::string::npos);
}

TEST_CASE("what is empty takes part") {
  const Application app;
  const auto config = layered(app, R"({"a": [1, 2], "b": {"x": 1}, "c": {}, "d": null, "e": [], "f": 1, "g": {}})",
                              R"({"a": [], "b": {}, "c": {"y": 2}, "d": {}, "e": [3], "f": [], "g": {}})");
  REQUIRE(config);
  CHECK(config->paths() == Texts{"b.x", "c.y", "e[0]"});
  for (const char* path : {"a", "d", "f", "g"}) {
    INFO(path);
    CHECK(config->has(path));
    CHECK(*config->size(path) == 0);
    CHECK(config->section(path)->paths().empty());
    check_error(config->get<int>(path), ErrorCode::InvalidArgument, "config.type");
    check_error(config->get_or<std::string>(path, ""), ErrorCode::InvalidArgument, "config.type");
  }
  check_clash(layered(app, R"({"a": {}})", R"({"a": 1})"));
  check_clash(layered(app, R"({"a": {}})", R"({"a": null})"));
  check_clash(layered(app, R"({"a": {}})", R"({"a": []})"));
  check_clash(layered(app, R"({"a": 1})", R"({"a": {}})"));
  check_clash(layered(app, R"({"a": [1]})", R"({"a": {}})"));
  check_clash(layered(app, R"({"a": []})", R"({"a": {}})"));
  check_clash(layered(app, R"({"a": []})", R"({"a": {"b": 1}})"));
  CHECK(layered(app, "{}", R"({"a": 1})")->paths() == Texts{"a"});
  CHECK(layered(app, R"({"a": 1})", "{}")->paths() == Texts{"a"});
}

TEST_CASE("a path that comes twice is an error") {
  const Application app;
  const auto config = app.json("{\"a\": 1,\n \"a\": 2}");
  check_error(config, ErrorCode::InvalidArgument, "config.duplicate");
  CHECK(config.error().to_string() ==
        "app.json:2:7: a: the value stands where 1:7 has one already; hint: give each its own key");
  check_error(app.json(R"({"a": 1, "a": {"b": 2}})"), ErrorCode::InvalidArgument, "config.duplicate");
  check_error(app.json(R"({"a": [1], "a": {"b": 2}})"), ErrorCode::InvalidArgument, "config.duplicate");
}

TEST_CASE("references that are replaced are not looked up") {
  const Application app{{"prod/password", "p"}};
  const auto config = layered(app, R"({"password": "$<secret:dev/password>", "list": ["$<secret:dev/a>"]})",
                              R"({"password": "$<secret:prod/password>", "list": ["$<secret:prod/password>"]})");
  REQUIRE(config);
  CHECK((*config->secret("password"))->expose() == "p");
  CHECK(app.store->calls(OperationKind::Get) == 1);
}

TEST_CASE("the errors of all layers come together, the gravest kind first") {
  const Application app;
  const auto config = layered(app, R"({"a": "$<secret:one>", "b": "$<secret:two>", "s": {"t": 1}})",
                              R"({"c": "$<secret:three>", "d": "$<secret:>", "s": 5})");
  check_error(config, ErrorCode::NotFound, "config.load");
  REQUIRE(config.error().causes().size() == 5);
  CHECK(config.error().causes()[0].reason() == "config.layers");
  CHECK(config.error().causes()[1].place()->to_string() == app.path("app.json") + ":1:8: a");
  CHECK(config.error().causes()[3].place()->to_string() == app.path("app.prod.json") + ":1:8: c");
  CHECK_FALSE(config.error().retryable());

  const auto broken = layered(app, R"({"a": "$<secret:one>"})", "{\"b\": ");
  check_error(broken, ErrorCode::NotFound, "config.load");
  REQUIRE(broken.error().causes().size() == 2);
  CHECK(broken.error().causes()[0].place()->file == app.path("app.prod.json"));

  app.store->always(OperationKind::Get, {.error = Error({.code = ErrorCode::PermissionDenied, .message = "no"})});
  CHECK(layered(app, R"({"a": "$<secret:one>"})", R"({"d": "$<secret:>"})").error().code() ==
        ErrorCode::PermissionDenied);
}

TEST_CASE("a file whose name tells no format is refused") {
  const Application app;
  app.write("app.ini", "a=1");
  check_error(app.load("app.ini"), ErrorCode::InvalidArgument, "resolver.format");
}
