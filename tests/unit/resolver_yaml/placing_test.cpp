#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/yaml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::string placed(std::string_view document) {
  return with(yaml(), document, "v: 1");
}

}  // namespace

TEST_CASE("yaml replaces a value and nothing else") {
  CHECK(placed("a: x$@  # @ comment\n'@': y\nb:   '@'   \n") == "a: \"v: 1\"  # @ comment\n'@': y\nb:   'v: 1'   \n");
  CHECK(placed("a: \"@\"") == "a: \"v: 1\"");
  CHECK(placed("x@") == "\"v: 1\"");
  CHECK(placed("--- x@\n...\n# @\n---\n- 'a@'\n") == "--- \"v: 1\"\n...\n# @\n---\n- 'v: 1'\n");
}

TEST_CASE("yaml replaces values in sequences within sequences") {
  CHECK(placed("- - a: x@\n    b: '@'\n  -   x@\n-\n  x@\n") ==
        "- - a: \"v: 1\"\n    b: 'v: 1'\n  -   \"v: 1\"\n-\n  \"v: 1\"\n");
}

TEST_CASE("yaml replaces values in flow collections") {
  CHECK(placed("a: [x@,x@ , '@',{b: x@,\"c\":'@'}, x@: x@]") ==
        "a: [\"v: 1\",\"v: 1\" , 'v: 1',{b: \"v: 1\",\"c\":'v: 1'}, x@: \"v: 1\"]");
  CHECK(placed("[\n  x@, # one\n  x@\n]\n") == "[\n  \"v: 1\", # one\n  \"v: 1\"\n]\n");
}

TEST_CASE("yaml leaves anchors, tags and what stands between them and the value") {
  CHECK(placed("a: &x !!str x@\nb: !!str &y '@'\nc: &z # @\n  x@\n") ==
        "a: &x !!str \"v: 1\"\nb: !!str &y 'v: 1'\nc: &z # @\n  \"v: 1\"\n");
  CHECK(placed("a: !app/x x@\nb: !<tag:e.org,2000:a@> x@\nc: [!app x@,&q x@]\n") ==
        "a: !app/x \"v: 1\"\nb: !<tag:e.org,2000:a@> \"v: 1\"\nc: [!app \"v: 1\",&q \"v: 1\"]\n");
}

TEST_CASE("yaml knows where libyaml lets an anchor end") {
  CHECK(placed("a: &e?x@\nb: &f-1:x@\n") == "a: &e \"v: 1\"\nb: &f-1 \"v: 1\"\n");
}

TEST_CASE("yaml knows all that libyaml takes for blanks before a value") {
  CHECK(placed("a: !!str\xC2\x85 x@\n") == "a: !!str\xC2\x85 \"v: 1\"\n");
  CHECK(placed("a: &x # @\xE2\x80\xA8 # @\n\xEF\xBB\xBF x@\n") == "a: &x # @\xE2\x80\xA8 # @\n\xEF\xBB\xBF \"v: 1\"\n");
  CHECK(placed("a: \xEF\xBB\xBF@\n") == "a: \"v: 1\"\n");
}

TEST_CASE("yaml replaces a text of several lines by one line") {
  CHECK(placed("a: x@\n  more\n\n  and more # c\nb: 1\n") == "a: \"v: 1\" # c\nb: 1\n");
  CHECK(placed("a: '@\n\n  more'\nb: \"@\\\n  more\"\n") == "a: 'v: 1'\nb: \"v: 1\"\n");
}

TEST_CASE("yaml replaces block scalars and keeps what stands around them") {
  CHECK(placed("a: |\n  @\n  more\nb: 1\n") == "a: \"v: 1\"\nb: 1\n");
  CHECK(placed("a: >-2 # why\n     @\n  more\n# c\nb: 1\n") == "a: \"v: 1\" # why\n# c\nb: 1\n");
  CHECK(placed("a: |+\n  @  \n\n\nb: 1\n") == "a: \"v: 1\"\n\n\nb: 1\n");
  CHECK(placed("- - |\n    @\n  - |-\n    @") == "- - \"v: 1\"\n  - \"v: 1\"");
  CHECK(placed("a: !!str &x |\n  @\n  # no comment\n # one\nb: 1") == "a: !!str &x \"v: 1\"\n # one\nb: 1");
  CHECK(placed("--- |\n @\n...\n") == "--- \"v: 1\"\n...\n");
  CHECK(placed("a: |\n  @\xE2\x80\xA8  more\xC2\x85"
               "b: 1\n") ==
        "a: \"v: 1\"\xC2\x85"
        "b: 1\n");
}

TEST_CASE("yaml takes away lines of tabs that only plain and block scalars bear behind them") {
  CHECK(placed("a: x@\n\n \t\nb: 1\n") == "a: \"v: 1\"\nb: 1\n");
  CHECK(placed("a: x@ \t\n\nb: 1\n") == "a: \"v: 1\" \t\n\nb: 1\n");
  CHECK(placed("a: x@\n \t") == "a: \"v: 1\"");
  CHECK(placed("a: x@\n \t# c\nb: 1") == "a: \"v: 1\"\t# c\nb: 1");
  CHECK(placed("a: |\n  @\n  \t\nb: 1") == "a: \"v: 1\"\nb: 1");
  CHECK(placed("a: [x@\n  \t]") == "a: [\"v: 1\"\n  \t]");
}

TEST_CASE("yaml indents what takes the place of a block scalar that is not indented") {
  CHECK(placed("a:\n|\n @\nb: 1\n") == "a:\n \"v: 1\"\nb: 1\n");
  CHECK(placed("-\n>- # c\n @\n- 1\n") == "-\n \"v: 1\" # c\n- 1\n");
  CHECK(placed("a:\n b:\n\xEF\xBB\xBF|\n  @\n") == "a:\n b:\n\xEF\xBB\xBF \"v: 1\"\n");
  CHECK(placed("- a:\n  |\n    @\n  b: 1\n") == "- a:\n   \"v: 1\"\n  b: 1\n");
}

TEST_CASE("yaml keeps the file's line ends, byte order mark and missing newline") {
  CHECK(placed("a: x@\r\nb: |  # c\r\n  @\r\n\r\nc: '@'\r\n") ==
        "a: \"v: 1\"\r\nb: \"v: 1\"  # c\r\n\r\nc: 'v: 1'\r\n");
  CHECK(placed("\xEF\xBB\xBF"
               "a: x@\nb: x@") ==
        "\xEF\xBB\xBF"
        "a: \"v: 1\"\nb: \"v: 1\"");
  CHECK(placed("a:\t'@'\t# c") == "a:\t'v: 1'\t# c");
}

TEST_CASE("yaml counts bytes and not characters") {
  CHECK(placed("ключ: \xF0\x9F\x94\x91\nb: é@ # é\nc: [日本, 'é@']\n") ==
        "ключ: \xF0\x9F\x94\x91\nb: \"v: 1\" # é\nc: [日本, 'v: 1']\n");
  std::string before;
  for (int i = 0; i < 500; ++i) before += "k" + std::to_string(i) + ": \xF0\x9F\x94\x91 é日\n";
  CHECK(placed(before + "a: x@\n") == before + "a: \"v: 1\"\n");
}

TEST_CASE("yaml does not write where no value stands") {
  const auto all = [](std::string_view) { return true; };
  const auto value = [](const Scalar&) { return Value{.text = "v"}; };
  for (const char* document : {"a:\nb: x\n", "- \n", "{a}", "{a: }", "a: !!str\n", "a: &x\n"}) {
    CAPTURE(document);
    auto written = rewrite(*yaml(), document, all, value);
    REQUIRE_FALSE(written);
    CHECK(written.error().reason() == "yaml.unwritable");
  }
}
