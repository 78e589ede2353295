#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/yaml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::string plain(std::string_view value) {
  return with(yaml(), "x@", value);
}
std::string single(std::string_view value) {
  return with(yaml(), "'@'", value);
}
std::string json_text(std::string_view json) {
  return with(yaml(), "x@", Value{.kind = Value::Kind::Json, .text = json});
}

}  // namespace

TEST_CASE("yaml keeps a text plain where every parser reads it as one") {
  for (const char* text :
       {"word", "with-dash", "a.b_c", "/etc/passwd", "user@host", "C3PO", "a=b", "postgres://u:p@h/db"}) {
    CAPTURE(text);
    CHECK(plain(text) == text);
  }
}

TEST_CASE("yaml quotes a text that some parser reads as something else") {
  for (const char* text :
       {"",         "yes",        "No",   "ON",         "off",   "y",        "N",     "true",  "FALSE",      "null",
        "~",        "nan",        ".inf", "1",          "-1",    "+1",       "0x1F",  "0o7",   "1e5",        "1_000",
        "12:30:45", "2001-12-14", "=",    "<<",         "a: b",  "a #b",     "a:",    "- a",   "---",        "...",
        "%YAML",    "?",          "&a",   "*a",         "!a",    "|",        ">",     "@a",    "`a`",        "{a: 1}",
        "[1]",      "a, b",       "'a",   "two  words", " lead", "trail ",   "#a",    "a\\b",  "é",          "日本",
        "Inf",      "a]",         "a}",   "-",          ":",     "infinity", "null ", "$HOME", "$<secret:x>"}) {
    CAPTURE(text);
    const std::string written = plain(text);
    CHECK((written.starts_with('"') && written.ends_with('"')));
  }
}

TEST_CASE("yaml takes no colon for a letter in a flow collection") {
  CHECK(with(yaml(), "[x@]", "a:b") == "[\"a:b\"]");
  CHECK(with(yaml(), "[x@]", "ab") == "[ab]");
  CHECK(plain("a:1") == "\"a:1\"");
}

TEST_CASE("yaml escapes what is not printable") {
  CHECK(plain("a\nb") == R"("a\nb")");
  CHECK(plain("\t\r\b\f\"\\") == R"("\t\r\b\f\"\\")");
  CHECK(plain(std::string_view("\0\x01\x1B\x7F", 4)) == R"("\u0000\u0001\u001b\u007f")");
  CHECK(plain("\xC2\x80\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF\xEF\xBF\xBE") ==
        R"("\u0080\u0085\u2028\u2029\ufeff\ufffe")");
  CHECK(plain("\xF0\x9F\x94\x91 é\xC2\xA0") == "\"\xF0\x9F\x94\x91 é\xC2\xA0\"");
}

TEST_CASE("yaml keeps single quotes for what is printable") {
  CHECK(single("it's '' fine") == "'it''s '''' fine'");
  CHECK(single("") == "''");
  CHECK(single(" a: #b\\n \"c\" ") == "' a: #b\\n \"c\" '");
  CHECK(single("a\nb") == R"("a\nb")");
  CHECK(single("a\tb") == R"("a\tb")");
}

TEST_CASE("yaml cannot say bytes that are no UTF-8") {
  for (const char* bytes :
       {"\xFF", "a\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xF0\x80\x80\x80"}) {
    CHECK(plain(bytes) == "!yaml.unwritable");
  }
  locket::SecretBuffer out;
  out.append("before");
  auto scalars = yaml()->find("x@", has_mark);
  REQUIRE(scalars);
  auto written = yaml()->write("x@", scalars->front(), {.text = "top\xFFsecret"}, out);
  REQUIRE_FALSE(written);
  CHECK(out.view() == "before");
  CHECK(written.error().to_string() ==
        "the value is not UTF-8, which YAML cannot say; hint: add enc=base64 to the reference");
}

TEST_CASE("yaml writes integers, booleans and null plain") {
  const auto typed = [](std::string_view document, Value::Kind kind, std::string_view text) {
    return with(yaml(), document, Value{.kind = kind, .text = text});
  };
  CHECK(typed("a: '@' # c", Value::Kind::Integer, "-12") == "a: -12 # c");
  CHECK(typed("{\"a\":\"@\"}", Value::Kind::Integer, "0") == "{\"a\":0}");
  CHECK(typed("a: |\n  @\nb: 1", Value::Kind::Boolean, "true") == "a: true\nb: 1");
  CHECK(typed("- x@\n", Value::Kind::Null, "") == "- null\n");
  CHECK(typed("a: x@", Value::Kind::Integer, "007") == "!yaml.unwritable");
  CHECK(typed("a: x@", Value::Kind::Integer, "1\nadmin: true") == "!yaml.unwritable");
  CHECK(typed("a: x@", Value::Kind::Boolean, "yes") == "!yaml.unwritable");
}

TEST_CASE("yaml writes no type that the tag there denies") {
  const auto typed = [](std::string_view document, Value::Kind kind, std::string_view text) {
    return with(yaml(), document, Value{.kind = kind, .text = text});
  };
  CHECK(typed("!!str x@", Value::Kind::Integer, "1") == "!yaml.unwritable");
  CHECK(typed("!app x@", Value::Kind::Json, "{}") == "!yaml.unwritable");
  CHECK(typed("!!str x@", Value::Kind::Null, "") == "!yaml.unwritable");
  CHECK(typed("!!int x@", Value::Kind::Boolean, "true") == "!yaml.unwritable");
  CHECK(typed("!!int x@", Value::Kind::Integer, "1") == "!!int 1");
  CHECK(typed("!!bool x@", Value::Kind::Boolean, "true") == "!!bool true");
  CHECK(typed("!!null x@", Value::Kind::Null, "") == "!!null null");
  CHECK(typed("!!int x@", Value::Kind::Text, "1") == "!!int \"1\"");
  CHECK(typed("! '@'", Value::Kind::Text, "yes") == "!yaml.unwritable");
  CHECK(typed("! x@", Value::Kind::Text, "word") == "! word");
}

TEST_CASE("yaml writes JSON as a flow collection") {
  CHECK(json_text(R"( {"a" : [1, true,null], "b":{}, "c":[ ]} )") == R"({"a": [1, true, null], "b": {}, "c": []})");
  CHECK(json_text(R"("a\/b\ud83d\ude00\u0000")") == "\"a/b\xF0\x9F\x98\x80\\u0000\"");
  CHECK(json_text(R"({"<<": "yes", "": "=", "a: b": "#"})") == R"({"<<": "yes", "": "=", "a: b": "#"})");
  CHECK(json_text("12") == "12");
  CHECK(json_text("[1.5, 1e5, 1E-7, 2.5e+3, -0, 123456789012345678901234567890]") ==
        "[1.5, 1.0e+5, 1.0e-7, 2.5e+3, -0, 123456789012345678901234567890]");
  CHECK(with(yaml(), "a: |  # c\n  @\nb: 1\n", Value{.kind = Value::Kind::Json, .text = "[1]"}) ==
        "a: [1]  # c\nb: 1\n");
}

TEST_CASE("yaml writes a long key of JSON so that libyaml reads it") {
  const std::string key(2000, 'k');
  const std::string written = json_text("{\"" + key + "\": \"v\"}");
  CHECK(written == "{? \"" + key + "\": \"v\"}");
  CHECK(found(yaml(), written) == std::vector<std::string>{key + "=v"});
}

TEST_CASE("yaml refuses JSON that it cannot hold") {
  for (const char* json : {"", "{", "[1,]", "nul", "{\"a\":1}x", "\"\\ud83d\"", "\"\xFF\"", "{\"a\":1,\"b\":2,\"a\":3}",
                           "[{\"k\":{\"a\":1,\"a\":2}}]", "01", "'a'"}) {
    CAPTURE(json);
    CHECK(json_text(json) == "!yaml.unwritable");
  }
  CHECK(json_text("[{\"a\":1},{\"a\":2,\"b\":{\"a\":3}}]") == "[{\"a\": 1}, {\"a\": 2, \"b\": {\"a\": 3}}]");
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(json_text(nested(100)) == nested(100));
  CHECK(json_text(nested(101)) == "!yaml.unwritable");
  CHECK(with(yaml(), "a: x@", Value{.kind = Value::Kind::Json, .text = nested(100)}) == "!yaml.unwritable");
}
