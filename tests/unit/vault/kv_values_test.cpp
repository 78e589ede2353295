#include "kv_values.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/secret.hpp>

#include "kv_base64.hpp"

using namespace locket;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

http::Json parsed(std::string_view text) {
  SecretBuffer buffer;
  buffer.append(text);
  return http::Json::parse(std::move(buffer), 70).value();
}

SecretData value_of(std::string_view object) {
  const http::Json json = parsed(object);
  return vault::value_of(json.root());
}

std::string written(const SecretData& data) {
  const auto object = vault::object_of(data);
  return object ? std::string(object->view()) : "error: " + object.error().message();
}

SecretData object(std::string_view text) {
  return SecretData::stored_fields(SecretValue(text));
}

}  // namespace

TEST_CASE("What other tools wrote is read as text, bytes or fields") {
  const auto reads = [](std::string_view object, SecretData::Kind kind, std::string_view encoded) {
    const SecretData data = value_of(object);
    CAPTURE(object);
    CHECK(data.kind() == kind);
    CHECK(data.encoded().expose() == encoded);
  };
  constexpr auto Bytes = SecretData::Kind::Bytes;
  constexpr auto Fields = SecretData::Kind::Fields;
  reads(R"({"value":"s3cret"})", Bytes, "s3cret");
  reads(R"({"value":"a\u0000b\u00e9\ud83d\ude00"})", Bytes, "a\0b\xc3\xa9\xf0\x9f\x98\x80"sv);
  reads(R"({"value":""})", Bytes, "");
  reads(R"({"value_base64":"AP8="})", Bytes, "\0\xff"sv);
  reads(R"({"value_base64":""})", Bytes, "");
  reads(R"({"user":"x","password":"y"})", Fields, R"({"user":"x","password":"y"})");
  reads(R"({"value":"x","user":"y"})", Fields, R"({"value":"x","user":"y"})");
  reads(R"({"value":15})", Fields, R"({"value":15})");
  reads(R"({"value":{"a":"b"}})", Fields, R"({"value":{"a":"b"}})");
  reads(R"({"value_base64":"not base64"})", Fields, R"({"value_base64":"not base64"})");
  reads("{}", Fields, "{}");
  reads("null", Fields, "{}");
}

TEST_CASE("Text stays readable in Vault, what is no text becomes base64") {
  CHECK(written(SecretData::bytes("s3cret")) == R"({"value":"s3cret"})");
  CHECK(written(SecretData::bytes("caf\xc3\xa9\t\"\\\r\n")) == "{\"value\":\"caf\xc3\xa9\\t\\\"\\\\\\r\\n\"}");
  CHECK(written(SecretData::bytes("")) == R"({"value":""})");
  CHECK(written(SecretData::bytes("\xff")) == R"({"value_base64":"/w=="})");
  CHECK(written(SecretData::bytes("a\0"sv)) == R"({"value_base64":"YQA="})");
  CHECK(written(SecretData::bytes("\x1b[2J")) == R"({"value_base64":"G1sySg=="})");
  CHECK(written(SecretData::bytes("\xed\xa0\x80")) == R"({"value_base64":"7aCA"})");
}

TEST_CASE("Bytes come back whatever they are") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const std::string& bytes :
       {""s, "x"s, all, R"({"value":"x"})"s, "\xf4\x90\x80\x80"s, std::string(70'000, '<')}) {
    const SecretData data = SecretData::bytes(bytes);
    const SecretData back = value_of(written(data));
    CHECK(back == data);
  }
}

TEST_CASE("Fields are written to the byte") {
  constexpr auto text = R"({ "user" : "x", "list":[1,2.5,-0,1e3,true,null], "deep":{"value":"y"} })"sv;
  CHECK(written(object(text)) == text);
  std::string deep(64, '[');
  deep = R"({"a":)" + deep.substr(1) + std::string(63, ']') + "}";
  CHECK(written(object(deep)) == deep);
}

TEST_CASE("Fields that would not come back are refused") {
  const auto refused = [](std::string_view text) {
    CAPTURE(text);
    const auto result = vault::object_of(object(text));
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::InvalidArgument);
    CHECK(result.error().reason() == "vault.fields");
    CHECK(result.error().to_string().find("hunter2") == std::string::npos);
  };
  refused(R"({"value":"hunter2"})");
  refused(R"({"value_base64":"eA=="})");
  refused(R"({"a":"hunter2","n":9007199254740993})");
  refused(R"({"a":{"b":[{"n":0.1234567890123456789}]}})");
  refused(R"("hunter2")");
  refused(R"({"a":"hunter2"} x)");
  refused(R"({"a":"hunter2","a":"hunter2"})");
  refused("[]");
  refused("");
}

TEST_CASE("Numbers that a double cannot hold are found out") {
  for (const auto number : {"0", "-0", "0.0", "0e999999", "1", "15", "-15", "1.50", "0.1", "1e3", "1E+3", "2.5e-7",
                            "123456789012345", "9007199254740992", "-9007199254740992", "1000000000000000000000",
                            "0.000000000000000000001", "1e290", "1.00000000000000000000000000"}) {
    CAPTURE(number);
    CHECK(vault::survives(number));
  }
  for (const auto number : {"9007199254740993", "-9007199254740993", "12345678901234567890", "0.1234567890123456789",
                            "1e400", "1e-400", "1e99999999999999999999", "3.14159265358979323846"}) {
    CAPTURE(number);
    CHECK_FALSE(vault::survives(number));
  }
}

TEST_CASE("Base64 has one text for each bytes") {
  for (const auto& [bytes, text] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"},
                                                        {"\xfb\xff", "+/8="}}) {  // RFC 4648, section 10
    CHECK(vault::encode_base64(bytes).expose() == text);
    const auto decoded = vault::decode_base64(text);
    REQUIRE(decoded);
    CHECK(decoded->expose() == bytes);
  }
  for (const auto text : {"Z", "Zg", "Zg=", "Zg===", "====", "=", "Z===", "Zh==", "Zm9=", "Zm9v\n",
                          " Zg==", "Zm9v====", "-_8=", "Zg==Zg==", "Zm 9"}) {
    CAPTURE(text);
    CHECK_FALSE(vault::decode_base64(text));
  }
}
