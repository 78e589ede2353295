#include "http/json.hpp"

#include <limits>
#include <string>

#include <catch2/catch_test_macros.hpp>

using locket::ErrorCode;
using locket::http::Json;

namespace {

locket::Result<Json> parse(std::string_view text) {
  locket::SecretBuffer buffer;
  buffer.append(text);
  return Json::parse(std::move(buffer));
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("values are found, with their text decoded and as it came") {
  const auto json = parse(R"( {"data": {"data": {"a\u0062": "x\n\"y\"", "n": -12.50e1}, "metadata": {"version": 3,
      "gone": true, "left":false, "none": null, "list": ["p", [], {"q": "r"}]}}} )");
  REQUIRE(json);
  const auto data = json->root()["data"]["data"];
  CHECK(data.is(Json::Kind::Object));
  CHECK(data.raw() == R"({"a\u0062": "x\n\"y\"", "n": -12.50e1})");
  CHECK(data["ab"].text() == "x\n\"y\"");
  CHECK(data["ab"].raw() == R"("x\n\"y\"")");
  CHECK(data["ab"].name() == "ab");
  CHECK(data["n"].text() == "-12.50e1");
  CHECK(data["n"].raw() == "-12.50e1");
  CHECK_FALSE(data["n"].integer());
  const auto metadata = json->root()["data"]["metadata"];
  CHECK(metadata["version"].integer() == 3);
  CHECK(metadata["gone"].boolean() == true);
  CHECK(metadata["gone"].text() == "true");
  CHECK(metadata["left"].boolean() == false);
  CHECK(metadata["left"].raw() == "false");
  CHECK(metadata["none"].is(Json::Kind::Null));
  CHECK(metadata["none"].raw() == "null");
  CHECK(metadata["none"].text().empty());
  CHECK_FALSE(metadata["none"]);
  const auto list = metadata["list"].children();
  REQUIRE(list.size() == 3);
  CHECK(list[0].text() == "p");
  CHECK(list[1].children().empty());
  CHECK(list[1].raw() == "[]");
  CHECK(list[2]["q"].text() == "r");
  REQUIRE(metadata.children().size() == 5);
  CHECK(metadata.children()[4].name() == "list");
}

TEST_CASE("what is not there is absent all the way down, and wrong types are none") {
  const auto json = parse(R"({"a": "1", "b": [1], "c": 1})");
  REQUIRE(json);
  const auto absent = json->root()["x"]["y"]["z"];
  CHECK(absent.is(Json::Kind::Absent));
  CHECK_FALSE(absent);
  CHECK(absent.text().empty());
  CHECK(absent.raw().empty());
  CHECK(absent.name().empty());
  CHECK(absent.children().empty());
  CHECK_FALSE(absent.integer());
  CHECK_FALSE(json->root()["a"].integer());
  CHECK_FALSE(json->root()["c"].boolean());
  CHECK(json->root()["b"]["0"].is(Json::Kind::Absent));
  CHECK(json->root()["a"]["b"].is(Json::Kind::Absent));
}

TEST_CASE("the root may be any value") {
  CHECK(parse("3")->root().integer() == 3);
  CHECK(parse("\"\"")->root().is(Json::Kind::String));
  CHECK(parse("\"\"")->root().raw() == "\"\"");
  CHECK(parse(" null ")->root().is(Json::Kind::Null));
  CHECK(parse("[]")->root().raw() == "[]");
}

TEST_CASE("integers end where they end") {
  CHECK(parse("9223372036854775807")->root().integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(parse("-9223372036854775808")->root().integer() == std::numeric_limits<std::int64_t>::min());
  for (const char* other : {"9223372036854775808", "1.0", "1e3", "18446744073709551616"}) {
    CHECK_FALSE(parse(other)->root().integer());
    CHECK(parse(other)->root().text() == other);
  }
}

TEST_CASE("what is no JSON is malformed, and not quoted") {
  for (const char* bad : {"",
                          " ",
                          "<html>",
                          "{",
                          "{\"a\":1",
                          "{\"a\":1}}",
                          "{a:1}",
                          "{\"a\":1,}",
                          "[1,]",
                          "'a'",
                          "NaN",
                          "01",
                          "1 2",
                          "{\"a\":\"\xFF\"}",
                          "{\"a\":\"\xC3\"}",
                          R"("\ud800")",
                          R"("\x")",
                          "\"a\nb\"",
                          "tru",
                          "\"hunter2",
                          R"({"password":"hunter2",,})"}) {
    INFO(bad);
    const auto json = parse(bad);
    REQUIRE_FALSE(json);
    CHECK(json.error().code() == ErrorCode::MalformedResponse);
    CHECK(json.error().reason() == "http.json");
    CHECK(json.error().to_string().find("hunter2") == std::string::npos);
  }
  CHECK_FALSE(parse(std::string_view("{}\0", 3)));
  CHECK_FALSE(parse(std::string_view("{\"a\":\"\0\"}", 9)));
}

TEST_CASE("16: a member twice in one object is malformed, however it is written") {
  CHECK_FALSE(parse(R"({"a":1,"b":2,"a":3})"));
  CHECK_FALSE(parse(R"({"a":1,"\u0061":3})"));
  CHECK_FALSE(parse(R"({"x":[{"y":{"a":{"z":1},"a":{}}}]})"));
  CHECK(parse(R"({"a":{"a":1},"b":{"a":1},"c":[{"a":1},{"a":1}]})"));
}

TEST_CASE("16: what nests too deep is refused before anything is built of it") {
  CHECK(parse(nested(64)));
  CHECK_FALSE(parse(nested(65)));
  CHECK_FALSE(parse(nested(1'000'000)));
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  CHECK_FALSE(parse(objects));
}

TEST_CASE("16: there is an end to how many values are taken") {
  std::string many = "[0";
  for (int i = 0; i < 999'998; ++i) many += ",0";
  CHECK(parse(many + "]"));
  CHECK_FALSE(parse(many + ",0]"));
}

TEST_CASE("values stay valid when the document moves") {
  auto json = parse(R"({"a":"b"})");
  const auto value = json->root()["a"];
  const Json moved = *std::move(json);
  CHECK(value.text() == "b");
}
