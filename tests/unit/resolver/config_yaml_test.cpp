#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/toml.hpp>
#include <locket/resolver/yaml.hpp>

#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;

namespace {

using Texts = std::vector<std::string>;

Result<Config> yaml(const Application& app, std::string_view document) {
  return Config::parse(document, *resolver::yaml(), app.resolver, "app.yaml");
}

}  // namespace

TEST_CASE("YAML's values by path, aliases and merge keys included") {
  const Application app{{"db/password", "x: y # \"'\n- *a"}};
  const auto config = yaml(app, R"(defaults: &defaults
  port: 5432
  password: $<secret:db/password>
main: {<<: *defaults, host: a}
copy: *defaults
hosts: []
)");
  REQUIRE(config);
  CHECK(*config->get<int>("main.port") == 5432);
  CHECK((*config->secret("main.password"))->expose() == "x: y # \"'\n- *a");
  CHECK((*config->secret("copy.password"))->expose() == "x: y # \"'\n- *a");
  CHECK(config->place("main.password")->to_string() == "app.yaml:3:13: main.password");
  CHECK(*config->size("hosts") == 0);
  CHECK(app.store->calls(OperationKind::Get) == 1);
}

TEST_CASE("YAML's numbers and booleans are read as YAML 1.2 does, or not at all") {
  const Application app;
  const auto config = yaml(app,
                           "hex: 0x1F\noct: 0o17\nmode: 0755\nplus: +5\nbool: TRUE\nyes: yes\ninf: -.inf\nnan: .NaN\n"
                           "half: .5\ntagged: !!bool yes\nversion: 1.10\ntext: !!str 12\nempty:\n");
  REQUIRE(config);
  CHECK(*config->get<int>("hex") == 31);
  CHECK(*config->get<int>("oct") == 15);
  CHECK(*config->get<int>("plus") == 5);
  CHECK(*config->get<bool>("bool"));
  CHECK(*config->get<std::string>("yes") == "yes");
  CHECK(*config->get<std::string>("text") == "12");
  CHECK(*config->get<double>("inf") < -1e308);
  CHECK(*config->get<double>("nan") != *config->get<double>("nan"));
  CHECK(*config->get<double>("half") == 0.5);
  check_error(config->get<int>("mode"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->get<double>("mode"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->get<bool>("yes"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->get<bool>("tagged"), ErrorCode::InvalidArgument, "config.type");
  check_error(config->get<std::string>("version"), ErrorCode::InvalidArgument, "config.type");
  CHECK_FALSE(config->has("empty"));
}

TEST_CASE("YAML layers, where a layer may be empty") {
  Application app{{"p", "v"}};
  app.resolver = *Resolver::create(app.store, {.formats = {resolver::yaml(), resolver::toml()}});
  app.write("app.yaml", "db:\n  host: a\n  hosts: [b, c]\n");
  app.write("app.prod.yaml", "# nothing yet\n");
  CHECK(app.load("app.yaml", "prod")->paths() == Texts{"db.host", "db.hosts[0]", "db.hosts[1]"});
  app.write("app.prod.yaml", "db:\n  hosts: []\n  password: $<secret:p>\n");
  CHECK(app.load("app.yaml", "prod")->paths() == Texts{"db.host", "db.password"});
  app.write("app.prod.yaml", "db:\n#  hosts: []\n");
  check_error(app.load("app.yaml", "prod"), ErrorCode::InvalidArgument, "config.layers");
  app.write("app.toml", "[db]\nport = 5_432\nrate = 1_0.5\nwhen = 2020-01-01\n");
  app.write("app.prod.toml", "db.port = 1\n");
  const auto toml = app.load("app.toml", "prod");
  REQUIRE(toml);
  CHECK(*toml->get<int>("db.port") == 1);
  CHECK(*toml->get<double>("db.rate") == 10.5);
  CHECK(*app.load("app.toml")->get<int>("db.port") == 5432);
  CHECK(*toml->get<std::string>("db.when") == "2020-01-01");
}
