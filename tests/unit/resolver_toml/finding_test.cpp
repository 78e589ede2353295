#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/toml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

using Lines = std::vector<std::string>;

TEST_CASE("toml finds values with their paths, in the order of their places") {
  CHECK(found(toml(), "z = 'a'\na = \"b\"\n[t]\nx.y = 'c'\n[t.'u.v']\n\"w\" = 'd'\n") ==
        Lines{"z=a", "a=b", "t.x.y=c", "t.\"u.v\".w=d"});
  CHECK(found(toml(), "[[p]]\na = 'x'\n[[p.q]]\nb = 'y'\n[[p]]\na = 'z'\n") ==
        Lines{"p[0].a=x", "p[0].q[0].b=y", "p[1].a=z"});
  CHECK(found(toml(), "a = ['x', ['y'], {b = 'z', c.d = 'w'}]") ==
        Lines{"a[0]=x", "a[1][0]=y", "a[2].b=z", "a[2].c.d=w"});
  CHECK(found(toml(), "").empty());
  CHECK(found(toml(), "# nothing = 'x'").empty());
}

TEST_CASE("toml undoes quotes and escapes") {
  CHECK(
      found(toml(),
            "a = \"\\u00e9\\n\\U0001F511\\\"\"\nb = 'c:\\d'\nc = \"\"\"\none \\\n   two\"\"\"\nd = '''\na''b\n'''\n") ==
      Lines{"a=é\n\xF0\x9F\x94\x91\"", "b=c:\\d", "c=one two", "d=a''b\n"});
}

TEST_CASE("toml takes a letter behind skipped blanks for a letter") {
  CHECK(found(toml(), "a = \"\"\"\\\n  é \\\n  ц\"\"\"\n") == Lines{"a=é ц"});
}

TEST_CASE("toml tells kinds; dates are texts as they stand") {
  CHECK(kinds(toml(),
              "a = ['x', 1, 0x1F, +1_000, 1.5, 1e5, inf, -nan, true, 1979-05-27, 07:32:00, 1979-05-27 07:32:00Z]") ==
        "TIIIFFFFBTTT");
  CHECK(found(toml(), "a = 0x1F # c\nb = 1979-05-27 07:32:00Z\nc = true") ==
        Lines{"a=0x1F", "b=1979-05-27 07:32:00Z", "c=true"});
}

TEST_CASE("toml refuses what is no TOML, with the place and without the text") {
  CHECK(refusal(toml(), "a = 1\nb = \"topsecret\n") == "2:15: this is no TOML: the error is in this string");
  CHECK(refusal(toml(), "a = 1\n[=]\n").starts_with("2:2: this is no TOML: the error is in this key"));
  CHECK(refusal(toml(), "é = 1") == "1:1: this is no TOML: the error is in this root table");
  CHECK(refusal(toml(),
                "\xEF\xBB\xBF"
                "a = [1, 2")
            .starts_with("1:10: this is no TOML: the error is in this array"));
  CHECK(
      refusal(toml(), "secret = 1\nb = 2\nsecret = 3").ends_with("this is no TOML: the key is defined a second time"));
  CHECK(refusal(toml(), "a = 'é' b").starts_with("1:9: "));
  CHECK(refusal(toml(), "a = {b = 1,}").starts_with("1:12: "));
}

TEST_CASE("toml refuses other encodings, with the place") {
  CHECK(refusal(toml(), std::string_view("\xFF\xFE"
                                         "a\0=\0",
                                         6)) == "1:1: the document is in UTF-16; hint: save it in UTF-8");
  CHECK(refusal(toml(), "a = 1\nb = 'x\xFFy'\n").find("this is no TOML: it is not UTF-8") != std::string::npos);
}

TEST_CASE("toml refuses a document that nests too deep") {
  const auto dotted = [](std::size_t parts) {
    std::string key = "k";
    for (std::size_t i = 1; i < parts; ++i) key += ".k";
    return key;
  };
  const std::string arrays = "a = " + std::string(99, '[') + "'x'" + std::string(99, ']');
  CHECK(found(toml(), arrays).size() == 1);
  CHECK(found(toml(), "a = [" + arrays.substr(4) + "]") == Lines{"!toml.depth"});
  CHECK(found(toml(), dotted(100) + " = 'a.b'").size() == 1);
  CHECK(found(toml(), dotted(101) + " = 1") == Lines{"!toml.depth"});
  CHECK(found(toml(), "[" + dotted(99) + "]\na = 1.5\nb = {c = 'x'}") == Lines{"!toml.depth"});
  CHECK(found(toml(), "[" + dotted(99) + "]\na = 1.5\n[b]\nb = {c = 1.5}").size() == 2);
  CHECK(found(toml(), dotted(60) + " = {" + dotted(60) + " = 1}") == Lines{"!toml.depth"});
  CHECK(found(toml(), dotted(100000) + " = 1") == Lines{"!toml.depth"});
  CHECK(found(toml(), "[" + dotted(100000) + "]") == Lines{"!toml.depth"});
  CHECK(found(toml(), "a = " + std::string(100000, '[')) == Lines{"!toml.depth"});
  CHECK(refusal(toml(), "a = 1\nb = " + std::string(200, '[')) == "2:104: the document nests deeper than 100");
}

TEST_CASE("toml takes no depth from strings, comments and lists") {
  std::string document = "a = [";
  for (int i = 0; i < 500; ++i) document += "1.5, '[[[.', \"\\\"[[\", # [[[[.\n";
  document += "]\n";
  for (int i = 0; i < 500; ++i)
    document += "k" + std::to_string(i) + ".x = {a.b = \"\"\"\"[{\\\"\"\"\"\"\n, c = '''[{''''}\n";
  CHECK(found(toml(), document) == Lines{"!toml.syntax"});  // a newline in an inline table
  for (std::size_t at = document.find("\n,"); at != std::string::npos; at = document.find("\n,")) document.erase(at, 1);
  CHECK(found(toml(), document).size() == 2500);
}

// Looking for the ends of its line anew for each value took minutes.
TEST_CASE("toml takes no longer for many values of one line than for many lines") {
  std::string document = "a = [";
  for (int i = 0; i < 100'000; ++i) document += "'x',";
  CHECK(found(toml(), document + "]").size() == 100'000);
}

TEST_CASE("toml refuses values whose paths take far more memory than the document") {
  std::string document = std::string(1'000'000, 'k') + " = [";
  for (int i = 0; i < 300; ++i) document += "'x',";
  CHECK(found(toml(), document + "]") == Lines{"!toml.paths"});
}

TEST_CASE("toml knows its files by their names") {
  CHECK(toml()->name() == "toml");
  CHECK_FALSE(toml()->has_null());
  CHECK(toml()->names("app.toml"));
  CHECK_FALSE(toml()->names("app.toml.bak"));
}
