#include <locket/name.hpp>

#include <string>
#include <unordered_map>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace locket;

TEST_CASE("names that are names are taken as they are") {
  const std::string text =
      GENERATE(as<std::string>(), "a", "db/password", "openai/api_key", "rds!cluster-1",
               "arn:aws:secretsmanager:eu-west-1:1:secret:x", "A/a", "...", "a.b/..c", "=@+:-_", std::string(512, 'x'));
  const auto name = Name::parse(text);
  REQUIRE(name);
  CHECK(name->text() == text);
}

TEST_CASE("text that is no name is refused, and the message says where") {
  struct Case {
    std::string text;
    std::string says;
  };
  const Case bad = GENERATE(values<Case>({{"", "empty"},
                                          {"/a", "byte 0"},
                                          {"a/", "byte 2"},
                                          {"a//b", "byte 2"},
                                          {".", "'.'"},
                                          {"..", "'..'"},
                                          {"a/../b", "'..' at byte 2"},
                                          {"a/./b", "'.' at byte 2"},
                                          {"%2e%2e", "'%' at byte 0"},
                                          {"a\\b", "byte 1"},
                                          {"a b", "0x20 at byte 1"},
                                          {"a?b", "'?'"},
                                          {"a#b", "'#'"},
                                          {"a\nX-Header: y", "0x0a at byte 1"},
                                          {"a\r", "0x0d"},
                                          {std::string("a\0b", 3), "0x00 at byte 1"},
                                          {"a\x7f", "0x7f"},
                                          {"\xc3\xa9", "0xc3 at byte 0"},
                                          {"db/\xd0\xb0", "0xd0"},
                                          {std::string(513, 'x'), "513 bytes"}}));
  CAPTURE(bad.text);
  const auto name = Name::parse(bad.text);
  REQUIRE_FALSE(name);
  CHECK(name.error().code() == ErrorCode::InvalidArgument);
  CHECK(name.error().message().find(bad.says) != std::string::npos);
  CHECK(name.error().to_string().find_first_of("\r\n") == std::string::npos);
  CHECK_FALSE(NameView::parse(bad.text));
}

TEST_CASE("a map of names is searched without building one") {
  std::unordered_map<Name, int, NameHash, NameEqual> map;
  map.emplace(*Name::parse("db/password"), 1);
  CHECK(map.find(*NameView::parse("db/password")) != map.end());
  CHECK(map.find(*NameView::parse("db/passwor")) == map.end());
  CHECK(map.find(*NameView::parse("DB/password")) == map.end());
}

TEST_CASE("a prefix is a folder of whole segments") {
  const auto db = Prefix::parse("db");
  REQUIRE(db);
  CHECK(*db == *Prefix::parse("db/"));
  CHECK(db->contains(*NameView::parse("db/password")));
  CHECK(db->contains(*NameView::parse("db/eu/password")));
  CHECK_FALSE(db->contains(*NameView::parse("db")));
  CHECK_FALSE(db->contains(*NameView::parse("dbadmin/password")));
  CHECK(Prefix().contains(*NameView::parse("db")));
  CHECK(Prefix::parse("")->text().empty());

  for (const char* bad : {"/", "a//", "../", "a b", "/a"}) CHECK_FALSE(Prefix::parse(bad));
}

TEST_CASE("joining keeps within the length of a name") {
  const auto folder = *Prefix::parse("team/app");
  CHECK(folder.join(*NameView::parse("db/password"))->text() == "team/app/db/password");
  CHECK(Prefix().join(*NameView::parse("db"))->text() == "db");
  const auto long_name = *Name::parse(std::string(510, 'x'));
  CHECK(folder.join(long_name).error().code() == ErrorCode::LimitExceeded);
}
