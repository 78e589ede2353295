#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/toml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::string placed(std::string_view document) {
  return with(toml(), document, "it's\n");
}
std::string typed(Value::Kind kind, std::string_view text) {
  return with(toml(), "a = '@'", Value{.kind = kind, .text = text});
}

}  // namespace

TEST_CASE("toml replaces a value and nothing else") {
  CHECK(placed("a = \"@\" # \"@\"\n'@' = 'b'\n[ t.\"@\" ] # @\nc=  '@'  \n") ==
        "a = \"it's\\n\" # \"@\"\n'@' = 'b'\n[ t.\"@\" ] # @\nc=  \"it's\\n\"  \n");
  CHECK(placed("a = ['@','@' , {b='@', c.d = \"@\"}]") ==
        "a = [\"it's\\n\",\"it's\\n\" , {b=\"it's\\n\", c.d = \"it's\\n\"}]");
  CHECK(placed("a = [\n  '@', # one\n  '@' # two\n]\n") == "a = [\n  \"it's\\n\", # one\n  \"it's\\n\" # two\n]\n");
}

TEST_CASE("toml replaces a text of several lines by one line") {
  CHECK(placed("a = \"\"\"\n@ \\\n  more\"\"\" # c\nb = 1\n") == "a = \"it's\\n\" # c\nb = 1\n");
  CHECK(placed("a = '''@''''' # c\nb = \"\"\"@\"\"\"\"\nc = 1") == "a = \"it's\\n\" # c\nb = \"it's\\n\"\nc = 1");
}

TEST_CASE("toml keeps the file's line ends, byte order mark and missing newline") {
  CHECK(placed("a = '@'\r\nb = '''\r\n@\r\n'''\r\nc = '@'") == "a = \"it's\\n\"\r\nb = \"it's\\n\"\r\nc = \"it's\\n\"");
  CHECK(placed("\xEF\xBB\xBF"
               "a = '@'\nb = '@'\n") ==
        "\xEF\xBB\xBF"
        "a = \"it's\\n\"\nb = \"it's\\n\"\n");
}

TEST_CASE("toml counts bytes and not characters") {
  CHECK(placed("'ключ' = '\xF0\x9F\x94\x91' # é\nb = ['日本', 'é@', '@']\n") ==
        "'ключ' = '\xF0\x9F\x94\x91' # é\nb = ['日本', \"it's\\n\", \"it's\\n\"]\n");
}

TEST_CASE("toml keeps single quotes for what is printable") {
  CHECK(with(toml(), "a = '@'", "c:\\d \"x\" #") == "a = 'c:\\d \"x\" #'");
  CHECK(with(toml(), "a = '@'", "it's") == "a = \"it's\"");
  CHECK(with(toml(), "a = '@'", "a\tb") == "a = \"a\\tb\"");
  CHECK(with(toml(), "a = \"@\"", "ab") == "a = \"ab\"");
}

TEST_CASE("toml escapes what is not printable") {
  const std::string_view hostile("\0\x1B\x7F\"\\\r\n\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF", 15);
  CHECK(with(toml(), "a = '@'", hostile) == R"(a = "\u0000\u001b\u007f\"\\\r\n\u0085\u2028\ufeff")");
  CHECK(found(toml(), with(toml(), "a = '@'", hostile)) == std::vector<std::string>{"a=" + std::string(hostile)});
}

TEST_CASE("toml cannot say bytes that are no UTF-8") {
  CHECK(with(toml(), "a = '@'", "\xFF") == "!toml.unwritable");
  CHECK(with(toml(), "a = \"@\"", "a\xED\xA0\x80") == "!toml.unwritable");
}

TEST_CASE("toml writes integers of 64 bits and booleans") {
  CHECK(typed(Value::Kind::Integer, "-9223372036854775808") == "a = -9223372036854775808");
  CHECK(typed(Value::Kind::Integer, "9223372036854775807") == "a = 9223372036854775807");
  CHECK(typed(Value::Kind::Integer, "9223372036854775808") == "!toml.unwritable");
  CHECK(typed(Value::Kind::Integer, "007") == "!toml.unwritable");
  CHECK(typed(Value::Kind::Boolean, "false") == "a = false");
  CHECK(typed(Value::Kind::Boolean, "1") == "!toml.unwritable");
}

TEST_CASE("toml writes JSON as arrays and inline tables") {
  CHECK(typed(Value::Kind::Json, R"({"a" : [1, true,"x"], "b.c":{}, "":[ ]})") ==
        R"(a = {"a" = [1, true, "x"], "b.c" = {}, "" = []})");
  CHECK(typed(Value::Kind::Json, R"(["a\/b\ud83d\ude00\u0000", 1e5, 1.5E-3, -0])") ==
        "a = [\"a/b\xF0\x9F\x98\x80\\u0000\", 1e5, 1.5E-3, -0]");
  CHECK(typed(Value::Kind::Json, "{\"" + std::string(2000, 'k') + "\": 1}") ==
        "a = {\"" + std::string(2000, 'k') + "\" = 1}");
}

TEST_CASE("toml refuses JSON that it cannot hold") {
  for (const char* json :
       {"null", "[null]", "{\"a\":{\"b\":null}}", "[9223372036854775808]", "1e999", "{\"a\":1,\"a\":2}", "{", ""}) {
    CAPTURE(json);
    CHECK(typed(Value::Kind::Json, json) == "!toml.unwritable");
  }
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(typed(Value::Kind::Json, nested(99)) == "a = " + nested(99));
  CHECK(typed(Value::Kind::Json, nested(100)) == "!toml.unwritable");
}
