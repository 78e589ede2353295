#include "kv_metadata.hpp"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace locket;
using namespace std::chrono_literals;
using vault::CustomMetadata;

namespace {

CustomMetadata after(const MetadataPatch& patch, const CustomMetadata& present = {}) {
  const auto changes = vault::changes_of(patch, present);
  REQUIRE(changes);
  return vault::merged(present, *changes);
}

Metadata read(const CustomMetadata& custom) {
  auto metadata = vault::metadata_of(NameView::parse("a").value(), custom);
  REQUIRE(metadata);
  return *metadata;
}

const std::vector<std::string> awkward{"",
                                       "\"",
                                       "\"\"",
                                       "\"x\"",
                                       "\"x",
                                       "\\",
                                       "x\"y",
                                       "locket.description",
                                       "locket.",
                                       "locket.x",
                                       "locket.\"",
                                       "locket",
                                       "Locket.x",
                                       "caf\xc3\xa9",
                                       "\xc2\xa0",
                                       "\xe2\x80\x8b",
                                       "\xc2\xad",
                                       " ",
                                       "a b",
                                       "\\u0041",
                                       "A",
                                       "\"\\u0041\"",
                                       "\xef\xbf\xbd",
                                       "\xf0\x9f\x98\x80",
                                       "\xe6\xbc\xa2\xe5\xad\x97",
                                       "null",
                                       "{}",
                                       "\xf4\x8f\xbf\xbf",
                                       "x\xef\xbb\xbf"};

}  // namespace

TEST_CASE("Metadata stand under documented keys") {
  const MetadataPatch patch{.description = "the main database",
                            .type = "database",
                            .provider = "postgres",
                            .status = "active",
                            .tags = {{"team", "core"}},
                            .expires = Clock::Wall(1795356004s),
                            .rotation_period = 7776000s,
                            .last_rotated = Clock::Wall(1700000000s),
                            .reminder_days = 14U};
  CHECK(after(patch) == CustomMetadata{{"locket.description", "the main database"},
                                       {"locket.type", "database"},
                                       {"locket.provider", "postgres"},
                                       {"locket.status", "active"},
                                       {"team", "core"},
                                       {"locket.expires", "2026-11-22T14:00:04Z"},
                                       {"locket.rotation_period", "7776000s"},
                                       {"locket.last_rotated", "2023-11-14T22:13:20Z"},
                                       {"locket.reminder_days", "14"}});
  CHECK(read(after(patch)) == apply({}, patch));
}

TEST_CASE("A patch changes what it names, and nothing where nothing changes") {
  const CustomMetadata present{{"locket.description", "old"}, {"team", "core"}, {"owner", "x"}, {"locket.later", "?"}};
  const auto changes = vault::changes_of(
      {.description = "new", .type = clear, .tags = {{"team", "core"}, {"owner", clear}, {"never", clear}}}, present);
  REQUIRE(changes);
  CHECK(*changes == vault::CustomChanges{{"locket.description", "new"}, {"owner", std::nullopt}});
  CHECK(vault::merged(present, *changes) ==
        CustomMetadata{{"locket.description", "new"}, {"team", "core"}, {"locket.later", "?"}});
  CHECK(vault::patch_body(*changes, {}).view() == R"({"custom_metadata":{"locket.description":"new","owner":null}})");
  CHECK(vault::patch_body(*changes, 7).view() ==
        R"({"custom_metadata":{"locket.description":"new","owner":null},"metadata_cas":7})");
  CHECK(vault::whole_body({{"a", "\""}}, {}).view() == R"({"custom_metadata":{"a":"\""}})");
  CHECK(after({.description = ""}, present).count("locket.description") == 0);
}

TEST_CASE("Any tag comes back, and no two become one") {
  std::set<std::string> keys;
  for (const std::string& text : awkward) {
    CAPTURE(text);
    const auto value = vault::write_text(text);
    REQUIRE(value);
    CHECK_FALSE(value->empty());
    CHECK(vault::read_text(*value) == text);
    if (text.empty()) continue;
    const CustomMetadata custom = after({.tags = {{text, text}}});
    REQUIRE(custom.size() == 1);
    keys.insert(custom.begin()->first);
    CHECK(read(custom).tags == std::map<std::string, std::string>{{text, text}});
    CHECK(read(custom).description.empty());
  }
  CHECK(keys.size() == awkward.size() - 1);
}

TEST_CASE("What people write stays readable in Vault") {
  CHECK(vault::write_text("caf\xc3\xa9 \xe2\x82\xac") == "caf\xc3\xa9 \xe2\x82\xac");
  CHECK(vault::write_text("") == R"("")");
  CHECK(vault::write_text("a\xc2\xa0z") == R"("a\u00A0z")");
  CHECK(vault::write_text("locket.x", "locket.") == R"("locket.x")");
  CHECK(vault::write_text(R"(locket."\)", "locket.") == R"("locket.\"\\")");
  CHECK(vault::read_text(R"("not JSON)") == R"("not JSON)");
  CHECK(vault::read_text("plain") == "plain");
}

TEST_CASE("What is no text in UTF-8 is refused") {
  for (const auto* text : {"\xff", "caf\xe9", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
    for (const MetadataPatch& patch : {MetadataPatch{.description = text}, MetadataPatch{.tags = {{text, "x"}}},
                                       MetadataPatch{.tags = {{"x", text}}}}) {
      const auto changes = vault::changes_of(patch, {});
      REQUIRE_FALSE(changes);
      CHECK(changes.error().code() == ErrorCode::InvalidArgument);
      CHECK(changes.error().reason() == "vault.metadata");
    }
  }
}

TEST_CASE("Vault's limits are known before anything is sent") {
  const auto exceeds = [](const MetadataPatch& patch, const CustomMetadata& present = {}) {
    const auto changes = vault::changes_of(patch, present);
    REQUIRE_FALSE(changes);
    CHECK(changes.error().code() == ErrorCode::LimitExceeded);
  };
  CHECK(after({.description = std::string(512, 'd')}).size() == 1);
  exceeds({.description = std::string(513, 'd')});
  exceeds({.description = '"' + std::string(510, 'd')});
  CHECK(after({.tags = {{std::string(128, 'k'), std::string(256, 'v')}}}).size() == 1);
  exceeds({.tags = {{'"' + std::string(127, 'k'), "v"}}});

  CustomMetadata present;
  for (int i = 0; i < 56; ++i) present.emplace(fmt::format("tag{}", i), "x");
  CHECK(after({.description = "d", .tags = {{"tag0", "y"}}}, present).size() == 57);
  exceeds({.tags = {{"more", "x"}}}, present);
  CHECK(after({.tags = {{"tag0", clear}, {"more", "x"}}}, present).size() == 56);
  // Others may have written as many as Vault keeps.
  for (int i = 56; i < 64; ++i) present.emplace(fmt::format("tag{}", i), "x");
  CHECK(after({.tags = {{"tag0", "y"}}}, present).size() == 64);
  exceeds({.description = "d"}, present);
}

TEST_CASE("An expiry that cannot be read releases nothing") {
  for (const auto* text : {"tomorrow", "", "2026", "\"2026-12-31\""}) {
    const auto metadata = vault::metadata_of(NameView::parse("db/x").value(), CustomMetadata{{"locket.expires", text}});
    REQUIRE_FALSE(metadata);
    CHECK(metadata.error().code() == ErrorCode::MalformedResponse);
    CHECK(metadata.error().reason() == "vault.expires");
    CHECK(metadata.error().message().find("'db/x'") != std::string::npos);
  }
  CHECK(read({{"locket.expires", "2026-11-22"}}).expires.has_value());
}

TEST_CASE("What else cannot be read is not there") {
  const Metadata metadata = read({{"locket.rotation_period", "often"},
                                  {"locket.last_rotated", "once"},
                                  {"locket.reminder_days", "-1"},
                                  {"locket.of_the_future", "x"},
                                  {"locket.description", ""}});
  CHECK(metadata == Metadata());
}

TEST_CASE("custom_metadata is an object of strings, or nothing") {
  const auto custom = [](std::string_view text) {
    SecretBuffer buffer;
    buffer.append(text);
    const http::Json json = http::Json::parse(std::move(buffer)).value();
    return vault::custom_metadata_of(json.root()["custom_metadata"]);
  };
  CHECK(custom(R"({"custom_metadata":{"a":"b"}})") == CustomMetadata{{"a", "b"}});
  CHECK(custom(R"({"custom_metadata":null})") == CustomMetadata());
  CHECK(custom("{}") == CustomMetadata());
  CHECK(custom(R"({"custom_metadata":[]})") == std::nullopt);
  CHECK(custom(R"({"custom_metadata":{"a":1}})") == std::nullopt);
  CHECK(custom(R"({"custom_metadata":"a"})") == std::nullopt);
}
