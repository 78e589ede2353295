#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;
using namespace std::chrono_literals;

namespace {

constexpr auto wrong = ErrorCode::InvalidArgument;

}  // namespace

TEST_CASE("values have the document's types") {
  const Application app;
  const auto config = app.json(R"({"text": "a", "whole": -12, "half": 0.5, "big": 1e3, "yes": true, "no": false})");
  REQUIRE(config);
  CHECK(*config->get<std::string>("text") == "a");
  CHECK(*config->get<int>("whole") == -12);
  CHECK(*config->get<double>("whole") == -12.0);
  CHECK(*config->get<double>("half") == 0.5);
  CHECK(*config->get<double>("big") == 1000.0);
  CHECK(*config->get<bool>("yes"));
  CHECK_FALSE(*config->get<bool>("no"));

  check_error(config->get<int>("text"), wrong, "config.type");
  check_error(config->get<int>("half"), wrong, "config.type");
  check_error(config->get<int>("big"), wrong, "config.type");
  check_error(config->get<int>("yes"), wrong, "config.type");
  check_error(config->get<bool>("text"), wrong, "config.type");
  check_error(config->get<bool>("whole"), wrong, "config.type");
  check_error(config->get<double>("text"), wrong, "config.type");
  check_error(config->get<double>("yes"), wrong, "config.type");
  check_error(config->get<std::string>("whole"), wrong, "config.type");
  check_error(config->get<std::string>("no"), wrong, "config.type");
}

TEST_CASE("text that reads like another type stays text") {
  const Application app;
  const auto config = app.json(R"({"port": "8080", "debug": "true", "rate": "0.5", "empty": ""})");
  check_error(config->get<int>("port"), wrong, "config.type");
  check_error(config->get<bool>("debug"), wrong, "config.type");
  check_error(config->get<double>("rate"), wrong, "config.type");
  CHECK(*config->get<std::string>("port") == "8080");
  CHECK(config->get<std::string>("empty")->empty());
  CHECK(config->get<int>("port").error().to_string() ==
        "app.json:1:10: port: there is text, where an integer is wanted; hint: write it like 8080, without quotes");
}

TEST_CASE("integers hold or are refused") {
  const Application app;
  const auto config = app.json(R"({"-129": -129, "-128": -128, "-1": -1, "-0": -0, "127": 127, "128": 128, "255": 255,
    "256": 256, "min": -9223372036854775808, "below": -9223372036854775809, "max": 18446744073709551615,
    "above": 18446744073709551616, "signed": 9223372036854775807, "over": 9223372036854775808})");
  REQUIRE(config);
  CHECK(*config->get<std::int8_t>("-128") == -128);
  CHECK(*config->get<std::int8_t>("127") == 127);
  CHECK(*config->get<std::uint8_t>("-0") == 0);
  CHECK(*config->get<std::uint8_t>("255") == 255);
  check_error(config->get<std::int8_t>("-129"), wrong, "config.range");
  check_error(config->get<std::int8_t>("128"), wrong, "config.range");
  check_error(config->get<std::uint8_t>("-1"), wrong, "config.range");
  check_error(config->get<std::uint8_t>("256"), wrong, "config.range");
  CHECK(*config->get<std::int64_t>("min") == std::numeric_limits<std::int64_t>::min());
  CHECK(*config->get<std::int64_t>("signed") == std::numeric_limits<std::int64_t>::max());
  check_error(config->get<std::int64_t>("below"), wrong, "config.range");
  check_error(config->get<std::int64_t>("over"), wrong, "config.range");
  CHECK(*config->get<std::uint64_t>("max") == std::numeric_limits<std::uint64_t>::max());
  CHECK(*config->get<std::uint64_t>("over") == std::uint64_t{1} << 63U);
  check_error(config->get<std::uint64_t>("above"), wrong, "config.range");
  check_error(config->get<std::uint64_t>("min"), wrong, "config.range");
  CHECK(*config->get<double>("above") == 18446744073709551616.0);
  CHECK(config->get<std::uint8_t>("256").error().message() == "the integer is not between 0 and 255");
}

TEST_CASE("durations are a number and its unit") {
  const Application app;
  const auto config = app.json(R"({"a": "250ms", "b": "30s", "c": "5m", "d": "2h", "e": "1d", "f": "7ns", "g": "9us",
    "bare": 30, "unit": "30", "space": "30 s", "sign": "-30s", "word": "30sec", "half": "1.5s", "none": "s", "zero": "0s",
    "long": "9223372036s", "longer": "9223372037s", "longest": "99999999999999999999d"})");
  REQUIRE(config);
  CHECK(*config->get<std::chrono::milliseconds>("a") == 250ms);
  CHECK(*config->get<std::chrono::seconds>("b") == 30s);
  CHECK(*config->get<std::chrono::seconds>("c") == 5min);
  CHECK(*config->get<std::chrono::minutes>("d") == 2h);
  CHECK(*config->get<std::chrono::hours>("e") == 24h);
  CHECK(*config->get<std::chrono::nanoseconds>("f") == 7ns);
  CHECK(*config->get<std::chrono::microseconds>("g") == 9us);
  CHECK(*config->get<std::chrono::seconds>("zero") == 0s);
  CHECK(*config->get<std::chrono::seconds>("long") == 9223372036s);
  for (const char* path : {"bare", "unit", "space", "sign", "word", "half", "none"}) {
    INFO(path);
    check_error(config->get<std::chrono::seconds>(path), wrong, "config.type");
  }
  check_error(config->get<std::chrono::seconds>("a"), wrong, "config.range");
  check_error(config->get<std::chrono::hours>("c"), wrong, "config.range");
  check_error(config->get<std::chrono::seconds>("longer"), wrong, "config.range");
  check_error(config->get<std::chrono::seconds>("longest"), wrong, "config.range");
  using Ticks = std::chrono::duration<std::int8_t>;
  check_error(config->get<Ticks>("c"), wrong, "config.range");
}

TEST_CASE(".env files have no types, so their values are read as what is asked for") {
  const Application app;
  const auto config = app.dotenv(
      "PORT=8080\nDEBUG=true\nRATE=0.5\nWAIT=5s\nOCTAL=0755\nYES=yes\nHEX=0x10\nINF=inf\n"
      "UNDER=1_000\nBLANK=' 1'\nEMPTY=\nTRUE=True\n");
  REQUIRE(config);
  CHECK(*config->get<int>("PORT") == 8080);
  CHECK(*config->get<double>("PORT") == 8080.0);
  CHECK(*config->get<std::string>("PORT") == "8080");
  CHECK(*config->get<bool>("DEBUG"));
  CHECK(*config->get<double>("RATE") == 0.5);
  CHECK(*config->get<std::chrono::seconds>("WAIT") == 5s);
  CHECK(config->get<std::string>("EMPTY")->empty());
  for (const char* path : {"OCTAL", "YES", "HEX", "INF", "UNDER", "BLANK", "EMPTY", "TRUE", "RATE"}) {
    INFO(path);
    check_error(config->get<int>(path), wrong, "config.type");
    check_error(config->get<bool>(path), wrong, "config.type");
  }
  check_error(config->get<double>("INF"), wrong, "config.type");
  check_error(config->get<double>("BLANK"), wrong, "config.type");
}

TEST_CASE("a null is nothing") {
  const Application app;
  const auto config = app.json(R"({"a": null, "b": {"c": null, "d": 1}, "list": [1, null, 3]})");
  REQUIRE(config);
  check_error(config->get<int>("a"), ErrorCode::NotFound, "config.missing");
  CHECK(config->get<int>("a").error().place()->line == 1);
  CHECK(*config->get_or("a", 7) == 7);
  CHECK_FALSE(config->has("a"));
  CHECK(config->has("b"));
  CHECK(*config->size("list") == 3);
  CHECK(config->paths() == std::vector<std::string>{"b.d", "list[0]", "list[2]"});
}

TEST_CASE("a default is for what is not there, and for nothing else") {
  const Application app;
  const auto config = app.json(R"({"port": "8080", "far": 70000, "here": 1})");
  CHECK(*config->get_or("absent", 5432) == 5432);
  CHECK(*config->get_or("here", 5432) == 1);
  CHECK(*config->get_or<std::string>("absent", "localhost") == "localhost");
  CHECK(*config->get_or("absent", 30s) == 30s);
  check_error(config->get_or("port", 5432), wrong, "config.type");
  check_error(config->get_or<std::uint16_t>("far", 1), wrong, "config.range");
  check_error(config->get_or("here.below..it", 1), wrong, "config.path");
}
