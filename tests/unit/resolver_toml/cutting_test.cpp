#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/toml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

namespace {

// Cuts the values that are "@x", and writes "v" for other values with a '@'.
std::string cut(std::string_view document) {
  auto written = rewrite(*toml(), document, has_mark, [](const Scalar& scalar) {
    return scalar.text == "@x" ? Value{.kind = Value::Kind::Null} : Value{.text = "v"};
  });
  return written ? *written : "!" + written.error().reason();
}

}  // namespace

TEST_CASE("toml cuts a key with its lines and the comment behind it") {
  CHECK(cut("a = 1\nb = '@x' # why\nc = 2\n") == "a = 1\nc = 2\n");
  CHECK(cut("[t]\r\n  b.c = '@x'\r\n") == "[t]\r\n");
  CHECK(cut("a = 1\nb = '@x'") == "a = 1\n");
  CHECK(cut("\xEF\xBB\xBF"
            "b = '@x'\nc = 1") ==
        "\xEF\xBB\xBF"
        "c = 1");
  CHECK(cut("b = '''\n@x''' # why\nc = 1") == "c = 1");
  CHECK(cut("[[p]]\nb = '@x'\n[[p]]\nb = '@'\n") == "[[p]]\n[[p]]\nb = 'v'\n");
}

TEST_CASE("toml cuts an element of an array with its comma") {
  CHECK(cut("a = ['@x']") == "a = []");
  CHECK(cut("a = ['@x', 1]") == "a = [1]");
  CHECK(cut("a = [1, '@x', 2]") == "a = [1, 2]");
  CHECK(cut("a = [1, '@x']") == "a = [1]");
  CHECK(cut("a = [1 , '@x' ] # c") == "a = [1  ] # c");
  CHECK(cut("a = ['@x', '@x', '@x']") == "a = []");
  CHECK(cut("a = ['@', '@x', '@x']") == "a = ['v', ]");
  CHECK(cut("a = [['@x'], {b = ['@x', 2]}]") == "a = [[], {b = [2]}]");
  CHECK(cut("a = [1, # one\n '@x']") == "a = [1, # one\n ]");
}

TEST_CASE("toml cuts an element that stands on a line of its own with the line") {
  CHECK(cut("a = [\n  1, # one\n  '@x', # two\n  3\n]\n") == "a = [\n  1, # one\n  3\n]\n");
  CHECK(cut("a = [\n  1,\n  '@x' # last\n]\n") == "a = [\n  1,\n]\n");
  CHECK(cut("a = [\n  '@x',\n  '@x'\n]\n") == "a = [\n]\n");
  CHECK(cut("a = [\n  '@x' # one\n  , 2\n]\n") == "a = [\n  2\n]\n");
  CHECK(cut("a = [\n  '@x', 2,\n]\n") == "a = [\n  2,\n]\n");
}

TEST_CASE("toml cuts an entry of an inline table with the right comma") {
  CHECK(cut("t = { a = '@x' }") == "t = {}");
  CHECK(cut("t = { a = '@x', b = 1 }") == "t = { b = 1 }");
  CHECK(cut("t = { b = 1, a.c = '@x' }") == "t = { b = 1 }");
  CHECK(cut("t = {a = '@x', 'b,}' = '@x', c = 1, d = '@x', e = '@x'}") == "t = {c = 1}");
  CHECK(cut("t = {a = '@x', c = 1, d = '@', e = '@x'}") == "t = {c = 1, d = 'v'}");
}

TEST_CASE("toml cuts of an inline table in which all is wanted what leaves the commas right") {
  CHECK(cut("t = {user = '@x', password = '@x'}") == "t = {}");
  CHECK(cut("t = {user = '@x', password = '@'}") == "t = {password = 'v'}");
  CHECK(cut("t = {user = '@', password = '@x'}") == "t = {user = 'v'}");
  CHECK(cut("t = {a = '@x', b = '@x', c = '@'}") == "t = {c = 'v'}");
  CHECK(cut("t = {a = '@', b = '@x', c = '@'}") == "t = {a = 'v', c = 'v'}");
  CHECK(cut("t = {a = '@', b = '@x', c = '@x'}") == "!toml.unwritable");
}

TEST_CASE("toml says what to do where it can neither cut nor write a null") {
  auto scalars = toml()->find("t = {a = '@', b = '@', c = '@'}", has_mark);
  REQUIRE(scalars);
  CHECK(scalars->back().entry_begin == scalars->back().entry_end);
  locket::SecretBuffer out;
  auto written = toml()->write("", scalars->back(), {.kind = Value::Kind::Null}, out);
  REQUIRE_FALSE(written);
  CHECK(written.error().code() == locket::ErrorCode::InvalidArgument);
  CHECK_FALSE(written.error().hint().empty());
}
