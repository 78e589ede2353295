#include "cli/fields.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace locket::cli;

std::string changed(std::string_view object, std::string_view name, std::string_view value) {
  std::vector<locket::Field> fields;
  fields.push_back({.name = std::string(name), .value = locket::SecretValue(value)});
  const auto data = with_fields(object, fields);
  return data ? std::string(data->encoded().expose()) : "refused";
}

TEST_CASE("a field is replaced where it stands, or added behind the others") {
  CHECK(changed(R"({"a":"1","b":"2"})", "a", "x") == R"({"a":"x","b":"2"})");
  CHECK(changed(R"({"a":"1"})", "b", "x") == R"({"a":"1","b":"x"})");
}

TEST_CASE("what is not replaced keeps its type, and what is nested its own fields") {
  CHECK(changed(R"({"a":{"a":[{"a":1}]},"b":1234567890123456789012,"c":[true,null,-0.10]})", "x", "y") ==
        R"({"a":{"a":[{"a":1}]},"b":1234567890123456789012,"c":[true,null,-0.10],"x":"y"})");
}

TEST_CASE("a nested value is replaced as a whole") {
  CHECK(changed(R"({"a":{"a":[1,{"b":2}]},"b":3})", "a", "x") == R"({"a":"x","b":3})");
  CHECK(changed(R"({"b":3,"a":[[],{}]})", "a", "x") == R"({"b":3,"a":"x"})");
}

TEST_CASE("only objects have fields") {
  CHECK(changed("[1]", "a", "x") == "refused");
  CHECK(changed("1", "a", "x") == "refused");
  CHECK(changed(R"({"a":)", "a", "x") == "refused");
  CHECK(changed(R"({"a":1})", "a", "\xff") == "refused");
}

}  // namespace
