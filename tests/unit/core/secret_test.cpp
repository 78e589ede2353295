#include <locket/secret.hpp>

#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <locket/interop/fmt.hpp>

using namespace locket;

namespace {

std::vector<Field> two_fields() {
  std::vector<Field> fields;
  fields.push_back({.name = "username", .value = SecretValue("app")});
  fields.push_back({.name = "password", .value = SecretValue("p\"\\\n\xc3\xa9")});
  return fields;
}

Secret json_secret(std::string_view text) {
  return Secret(SecretData::bytes(text));
}

}  // namespace

TEST_CASE("fields come back as they were put") {
  const auto data = SecretData::fields(two_fields());
  REQUIRE(data);
  CHECK(data->kind() == SecretData::Kind::Fields);
  const Secret secret(data->clone());
  CHECK(secret.field("username")->expose() == "app");
  CHECK(secret.field("password")->expose() == "p\"\\\n\xc3\xa9");
  CHECK(*secret.field_names() == std::vector<std::string>{"username", "password"});
}

TEST_CASE("a field that is not there is told with those that are, and without values") {
  const Secret secret(*SecretData::fields(two_fields()));
  const auto missing = secret.field("pasword");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code() == ErrorCode::NotFound);
  CHECK(missing.error().reason() == "secret.no_field");
  CHECK(missing.error().to_string().find("username, password") != std::string::npos);
  CHECK(missing.error().to_string().find("app") == std::string::npos);
}

TEST_CASE("bytes that are a JSON object have fields, whatever the members' types") {
  const Secret secret = json_secret(
      R"( {"s":"tab\t","n":-12.50e3,"big":123456789012345678901234567890,"b":true,"z":null,"o":{"a":["}","\""]},"l":[1,{"x":2}]} )");
  CHECK(secret.kind() == SecretData::Kind::Bytes);
  CHECK(secret.field("s")->expose() == "tab\t");
  CHECK(secret.field("n")->expose() == "-12.50e3");
  CHECK(secret.field("big")->expose() == "123456789012345678901234567890");
  CHECK(secret.field("b")->expose() == "true");
  CHECK(secret.field("z").error().reason() == "secret.no_field");
  CHECK(secret.field("o")->expose() == R"({"a":["}","\""]})");
  CHECK(secret.field("l")->expose() == R"([1,{"x":2}])");
  CHECK_FALSE(secret.field("a"));
  CHECK_FALSE(secret.field("x"));
}

TEST_CASE("what is no JSON object has no fields, and the error quotes nothing of it") {
  const std::string deep = "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}";
  const std::string text =
      GENERATE_COPY(as<std::string>(), "", "hunter2", "\"hunter2\"", "[\"hunter2\"]", "42",
                    "{\"hunter2\":", "{\"a\":1}hunter2", "{\"a\":\"hunter2\",\"a\":2}", "{}", "{\"a\":\"hunter2\xff\"}",
                    std::string("{\"a\":1}\0", 8), deep, std::string(1'000'000, '['));
  CAPTURE(text.substr(0, 40));
  const auto field = json_secret(text).field("a");
  REQUIRE_FALSE(field);
  CHECK(field.error().code() == ErrorCode::InvalidArgument);
  CHECK(field.error().reason() == "secret.no_fields");
  CHECK(field.error().to_string().find("hunter2") == std::string::npos);
}

TEST_CASE("fields that could not come back are refused") {
  const auto one = [](std::string name, std::string_view value) {
    std::vector<Field> fields;
    fields.push_back({.name = std::move(name), .value = SecretValue(value)});
    return SecretData::fields(fields);
  };
  CHECK(one("password", "x"));
  CHECK_FALSE(SecretData::fields({}));
  for (const auto& bad :
       {one("", "x"), one("value", "x"), one("value_base64", "x"), one("a\xff", "x"), one("password", "hunter2\xff")}) {
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code() == ErrorCode::InvalidArgument);
    CHECK(bad.error().to_string().find("hunter2") == std::string::npos);
  }
  std::vector<Field> twice = two_fields();
  twice.push_back({.name = "username", .value = SecretValue("other")});
  CHECK(SecretData::fields(twice).error().message().find("'username' comes twice") != std::string::npos);
}

TEST_CASE("a JSON object is kept to the byte") {
  const std::string text = "{ \"port\" : 5432, \"user\":\"a\" }";
  const auto data = SecretData::json_object(SecretValue(text));
  REQUIRE(data);
  CHECK(data->encoded().expose() == text);
  CHECK(data->kind() == SecretData::Kind::Fields);
  for (const char* bad : {"", "[]", "{}", "{\"value\":1}", "{\"a\":1,\"a\":2}", "x"}) {
    CHECK_FALSE(SecretData::json_object(SecretValue(bad)));
  }
}

TEST_CASE("bytes and fields of the same text are different data") {
  CHECK(SecretData::bytes("x") == SecretData::bytes("x"));
  CHECK_FALSE(SecretData::bytes("{\"a\":1}") == *SecretData::json_object(SecretValue("{\"a\":1}")));
}

TEST_CASE("a secret is a handle: copies share the value, and delivery is the copy's own") {
  const Secret secret(SecretData::bytes("hunter2"), Version("3"), {.description = "d"});
  const Secret cached = secret.delivered({.source = Source::Cache, .stale = true});
  CHECK(cached.value().expose().data() == secret.value().expose().data());
  CHECK(cached.delivery() == Delivery{.source = Source::Cache, .stale = true});
  CHECK(secret.delivery() == Delivery{});
  CHECK(cached.version() == Version("3"));
  CHECK(cached.metadata().description == "d");
  CHECK(Secret(SecretData()).metadata() == Metadata());
}

TEST_CASE("a secret prints as stars, everywhere") {
  const Secret secret(SecretData::bytes("hunter2"));
  std::ostringstream out;
  out << secret << secret.value();
  CHECK(out.str() == "******");
  CHECK(fmt::format("{}{:>5}", secret, secret.value()) == "***  ***");
}

TEST_CASE("many threads may parse the same fields at once") {
  for (int round = 0; round < 50; ++round) {
    const Secret secret = json_secret(R"({"a":"1","b":"2"})");
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&secret] {
        if (secret.field("b")->expose() != "2") std::abort();
      });
    }
  }
}
