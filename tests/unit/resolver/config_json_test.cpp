#include <cmath>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/interop/nlohmann_json.hpp>
#include <locket/resolver/toml.hpp>
#include <locket/resolver/yaml.hpp>

#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;
using nlohmann::json;

namespace {

Result<json> resolved(const Application& app, std::string_view document, const resolver::FormatPtr& format) {
  return resolved_json(app.resolver, document, *format, "app");
}

}  // namespace

TEST_CASE("a JSON document is what a parser makes of the resolved text") {
  const Application app{{"evil", "\"}, \"x\": \"\n$<secret:evil>"}, {"n", "7"}, {"j", R"({"k": [1]})"}};
  const std::string document = R"({"a": "$<secret:evil>", "n": "$<secret:n?type=int>", "t": "n=$<secret:n>", "e": {},
    "j": "$<secret:j?type=json>", "o": "$<secret:none?optional>", "l": [[], {}, null, true, -1, 1.5e3, "x"],
    "big": 18446744073709551615, "esc": "$$<secret:n>", "": {"a.b": "\u00e9"}})";
  const auto text = app.resolver.resolve_document(document, *resolver::json());
  REQUIRE(text);
  const auto parsed = resolved(app, document, resolver::json());
  REQUIRE(parsed);
  CHECK(*parsed == json::parse(text->expose()));
  CHECK((*parsed)["a"] == "\"}, \"x\": \"\n$<secret:evil>");
  CHECK((*parsed)["j"]["k"][0] == 1);
  CHECK(*resolved(app, "{}", resolver::json()) == json::object());
  CHECK(*resolved(app, "[]", resolver::json()) == json::array());
  CHECK(*resolved(app, "3", resolver::json()) == 3);
}

TEST_CASE("YAML and TOML become JSON with their types") {
  const Application app{{"p", "x: y\n- z"}};
  const auto yaml = resolved(app, R"(base: &base {port: 0x1F, mode: 0o17, rate: .125, off: -.inf, none: ~, flag: True}
db:
  <<: *base
  password: $<secret:p>
  hosts: [+5, -16, []]
)",
                             resolver::yaml());
  REQUIRE(yaml);
  CHECK((*yaml)["db"]["port"] == 31);
  CHECK((*yaml)["db"]["mode"] == 15);
  CHECK((*yaml)["db"]["rate"] == 0.125);
  CHECK((*yaml)["db"]["off"] == -HUGE_VAL);
  CHECK((*yaml)["db"]["none"].is_null());
  CHECK((*yaml)["db"]["flag"] == true);
  CHECK((*yaml)["db"]["password"] == "x: y\n- z");
  CHECK((*yaml)["db"]["hosts"] == json::parse("[5, -16, []]"));
  const auto toml = resolved(app, "a = 1_000\nb = 0b101\nd = 2020-01-01\nc = nan\n[t]\n", resolver::toml());
  REQUIRE(toml);
  CHECK((*toml)["a"] == 1000);
  CHECK((*toml)["b"] == 5);
  CHECK((*toml)["d"] == "2020-01-01");
  CHECK(std::isnan((*toml)["c"].get<double>()));
  CHECK((*toml)["t"] == json::object());
}

TEST_CASE("what JSON does not have is refused with its place") {
  const Application app;
  check_error(resolved(app, "a: 0755", resolver::yaml()), ErrorCode::InvalidArgument, "json.value");
  CHECK(resolved(app, "a: 0755", resolver::yaml()).error().place()->to_string() == "app:1:4: a");
  check_error(resolved(app, "a: !!bool yes", resolver::yaml()), ErrorCode::InvalidArgument, "json.value");
  check_error(resolved(app, "a: 1\n---\nb: 2\n", resolver::yaml()), ErrorCode::InvalidArgument, "json.value");
  check_error(resolved(app, "{\"a\": 1, \"a\": 2}", resolver::json()), ErrorCode::InvalidArgument, "json.value");
  check_error(resolved(app, "{\"a\": 1, \"a\": {\"b\": 2}}", resolver::json()), ErrorCode::InvalidArgument,
              "json.value");
  check_error(resolved(app, "{\"a\": \"$<secret:no>\"}", resolver::json()), ErrorCode::NotFound, "resolver.references");
}
