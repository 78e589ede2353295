#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/yaml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

using Lines = std::vector<std::string>;

TEST_CASE("yaml finds values with their paths") {
  CHECK(found(yaml(), "db:\n  user: admin\n  replicas:\n  - host: a\n  - host: b\n") ==
        Lines{"db.user=admin", "db.replicas[0].host=a", "db.replicas[1].host=b"});
  CHECK(found(yaml(), "- - a: x\n    b: y\n  - z\n") == Lines{"[0][0].a=x", "[0][0].b=y", "[0][1]=z"});
  CHECK(found(yaml(), "{a: [1, {b: 'x'}], \"c d\": y}") == Lines{"a[0]=1", "a[1].b=x", "\"c d\"=y"});
  CHECK(found(yaml(), "just text") == Lines{"=just text"});
  CHECK(found(yaml(), "").empty());
  CHECK(found(yaml(), "# nothing but a comment").empty());
}

TEST_CASE("yaml finds neither keys nor what stands inside one") {
  CHECK(found(yaml(), "k: a\n'q': b\n? [x, y]\n: c\n? {m: n}\n: d\n? |\n  block\n: e\n") ==
        Lines{"k=a", "q=b", "\"?\"=c", "\"?\"=d", "\"block\n\"=e"});
  CHECK(found(yaml(), "{[a, {b: c}]: d}") == Lines{"\"?\"=d"});
  CHECK(found(yaml(), "[a: b, ? [c] : d]") == Lines{"[0].a=b", "[1].\"?\"=d"});
}

TEST_CASE("yaml finds the anchored scalar and no alias") {
  CHECK(found(yaml(), "a: &x one\nb: *x\nc: &y\n  d: two\ne: *y\n*x : three\n") ==
        Lines{"a=one", "c.d=two", "\"*x\"=three"});
}

TEST_CASE("yaml begins the paths of further documents with their index") {
  CHECK(found(yaml(), "a: 1\n---\na: 2\n...\n---\n- 3\n") == Lines{"a=1", "[1].a=2", "[2][0]=3"});
}

TEST_CASE("yaml undoes quotes, escapes and folding") {
  CHECK(found(yaml(), "a: 'it''s'\nb: \"\\u00e9\\n\\x41\"\nc: one\n  two\nd: >-\n  one\n  two\ne: |\n  one\n  two\n") ==
        Lines{"a=it's", "b=é\nA", "c=one two", "d=one two", "e=one\ntwo\n"});
}

TEST_CASE("yaml tells kinds by the core schema") {
  CHECK(kinds(yaml(), "[~, null, Null, NULL, nUll, '', {a: }]") == "NNNNTTN");
  CHECK(kinds(yaml(), "[true, True, TRUE, false, tRue, yes, on, 'true']") == "BBBBTTTT");
  CHECK(kinds(yaml(), "[0, 12, -12, +12, 0o17, 0x1F, 007, 1_000, 0b1, 0o8, -, '1']") == "IIIIIIITTTTT");
  CHECK(kinds(yaml(), "[1.5, .5, 1., 1e5, 1.5E-3, -.inf, .NaN, +.nan, ., 1e, 1.2.3, 12:30]") == "FFFFFFFTTTTT");
}

TEST_CASE("yaml obeys tags") {
  CHECK(kinds(yaml(),
              "[!!str 1, !!int '1', !!float 1, !!bool \"true\", !!null '', !app 1, !<tag:yaml.org,2002:int> 1]") ==
        "TIFBNTI");
  CHECK(kinds(yaml(), "%TAG !y! tag:yaml.org,2002:\n---\n- !y!str 12\n") == "T");
}

TEST_CASE("yaml refuses what is no YAML, with the place and without the text") {
  CHECK(refusal(yaml(), "a: 'topsecret\n") ==
        "2:1: this is no YAML: while scanning a quoted scalar, found unexpected end of stream");
  CHECK(refusal(yaml(), "é: ok\nb: [1, 2\nc: 3\n").starts_with("3:2: this is no YAML: while parsing a flow sequence"));
  CHECK(refusal(yaml(),
                "\xEF\xBB\xBF"
                "a: @at\n") ==
        "1:4: this is no YAML: while scanning for the next token, found character that cannot start any token");
  CHECK(refusal(yaml(), "a: *nowhere\n@: 1").find("nowhere") == std::string::npos);
}

TEST_CASE("yaml refuses other encodings and control characters, with the place") {
  CHECK(refusal(yaml(), std::string_view("\xFF\xFE"
                                         "a\0:\0",
                                         6)) == "1:1: the document is in UTF-16; hint: save it in UTF-8");
  CHECK(refusal(yaml(), "a: é\nb: x\xFFy\n").starts_with("2:5: this is no YAML: invalid leading UTF-8 octet"));
  CHECK(refusal(yaml(), "a: x\x01y\n").starts_with("1:5: this is no YAML: control characters are not allowed"));
}

TEST_CASE("yaml refuses a document that nests too deep") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "x@" + std::string(depth, ']'); };
  CHECK(found(yaml(), std::string(100, '[') + "1" + std::string(100, ']')).size() == 1);
  CHECK(found(yaml(), nested(101)) == Lines{"!yaml.depth"});
  CHECK(found(yaml(), std::string(900, '[')) == Lines{"!yaml.depth"});
  CHECK(refusal(yaml(), nested(101)) == "1:101: the document nests deeper than 100");
}

TEST_CASE("yaml reads an alias bomb like any document") {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  CHECK(found(yaml(), bomb).size() == 2);
}

TEST_CASE("yaml refuses values whose paths take far more memory than the document") {
  std::string document = "? " + std::string(1'000'000, 'k') + "\n: [";
  for (int i = 0; i < 300; ++i) document += "x,";
  CHECK(found(yaml(), document + "]") == Lines{"!yaml.paths"});
}

TEST_CASE("yaml lets no alias repeat a long path without limit") {
  std::string document = "a: &a [1, 2, 3]\n? " + std::string(100'000, 'k') + "\n: [*a";
  for (int i = 0; i < 1000; ++i) document += ",*a";
  const auto values = yaml()->values(document + "]");
  REQUIRE_FALSE(values);
  CHECK(values.error().code() == locket::ErrorCode::LimitExceeded);
}

TEST_CASE("yaml knows its files by their names") {
  CHECK(yaml()->name() == "yaml");
  CHECK(yaml()->has_null());
  CHECK(yaml()->names("app.yaml"));
  CHECK(yaml()->names("app.production.yml"));
  CHECK_FALSE(yaml()->names("app.yaml.bak"));
  CHECK_FALSE(yaml()->names("yaml"));
}
