#include <catch2/catch_test_macros.hpp>

#include "unit/memory/fixture.hpp"

using namespace locket_test;
using namespace std::chrono_literals;
using locket::Version;

TEST_CASE("the oldest version is dropped when there are too many", "[memory]") {
  auto store = memory_store({.max_versions = 3});
  for (const char* value : {"one", "two", "three", "four", "five"}) put(*store, "a", value);

  CHECK(store->capabilities().max_versions == 3);
  CHECK(history(*store, "a") == "5L* 4L 3L");
  CHECK(read(*store, "a", at("3")) == "three");
  CHECK(read(*store, "a", at("2")) == "[NotFound]");
  CHECK(read(*store, "a", at("6")) == "[NotFound]");
}

TEST_CASE("a history may be one version long, or without end", "[memory]") {
  auto one = memory_store({.max_versions = 1});
  auto all = memory_store({.max_versions = 0});
  for (int i = 0; i < 300; ++i) {
    put(*one, "a", "value " + std::to_string(i));
    put(*all, "a", "value " + std::to_string(i));
  }
  CHECK(history(*one, "a") == "300L*");
  CHECK(read(*one, "a") == "value 299");
  CHECK(read(*all, "a", at("1")) == "value 0");
  CHECK(read(*all, "a") == "value 299");
}

TEST_CASE("a version is its very text, not a number", "[memory]") {
  auto store = memory_store();
  put(*store, "a", "one");
  for (const char* text : {"01", "+1", "1.0", "0x1", "0", "-1", "1a", "v1", "18446744073709551617"}) {
    CHECK(read(*store, "a", at(text)) == "[NotFound]");
  }
}

TEST_CASE("versions are paged downwards over what is dropped and put meanwhile", "[memory]") {
  auto store = memory_store({.max_versions = 4});
  for (int i = 0; i < 4; ++i) put(*store, "a", "x");
  auto first = store->versions("a", {.limit = 2});
  REQUIRE(first->items.size() == 2);
  CHECK(first->items[1].version == Version("3"));

  put(*store, "a", "x");
  auto second = store->versions("a", {.limit = 2, .page = first->next});
  REQUIRE(second->items.size() == 1);
  CHECK(second->items[0].version == Version("2"));
  CHECK(second->next.empty());
}

TEST_CASE("a page that is full but the last has no next", "[memory]") {
  auto store = memory_store();
  put(*store, "a", "x");
  put(*store, "a", "y");
  CHECK(store->versions("a", {.limit = 2})->next.empty());
  CHECK(store->list("", {.limit = 1})->next.empty());
}

TEST_CASE("times come from the clock that the store was given", "[memory]") {
  auto clock = std::make_shared<StillClock>();
  auto store = memory_store({.settings = {.clock = clock}});
  const auto begin = clock->now();
  const auto times = [&] {
    auto info = store->stat("a");
    return std::pair(*info->metadata->created - begin, *info->metadata->updated - begin);
  };
  put(*store, "a", "one");
  CHECK(times() == std::pair(locket::Clock::Wall::duration(0s), locket::Clock::Wall::duration(0s)));

  clock->advance(10s);
  put(*store, "a", "two");
  CHECK(times() == std::pair(locket::Clock::Wall::duration(0s), locket::Clock::Wall::duration(10s)));
  CHECK(store->versions("a")->items[0].created == begin + 10s);
  CHECK(store->versions("a")->items[1].created == begin);

  clock->advance(10s);
  REQUIRE(store->annotate("a", {.status = "active"}));
  CHECK(times().second == 20s);
}

TEST_CASE("what changes neither value nor metadata is no update", "[memory]") {
  auto clock = std::make_shared<StillClock>();
  auto store = memory_store({.settings = {.clock = clock}});
  put(*store, "a", "one");
  REQUIRE(store->annotate("a", {.status = "active"}));
  const auto updated = store->stat("a")->metadata->updated;

  clock->advance(10s);
  REQUIRE(store->annotate("a", {}));
  REQUIRE(store->annotate("a", {.status = "active"}));
  REQUIRE(store->remove("a"));
  REQUIRE(store->undelete("a"));
  CHECK(store->stat("a")->metadata->updated == updated);
}

TEST_CASE("an expiry that is set later holds for the versions before it", "[memory]") {
  auto clock = std::make_shared<StillClock>();
  auto store = memory_store({.settings = {.clock = clock}});
  put(*store, "a", "one");
  put(*store, "a", "two");
  REQUIRE(read(*store, "a", at("1")) == "one");

  REQUIRE(store->annotate("a", {.expires = clock->now() + 60s}));
  CHECK(read(*store, "a", at("1")) == "one");
  clock->advance(60s);
  CHECK(read(*store, "a") == "[Expired]");
  CHECK(read(*store, "a", at("1")) == "[Expired]");

  REQUIRE(store->annotate("a", {.expires = locket::clear}));
  CHECK(read(*store, "a", at("1")) == "one");
}

TEST_CASE("fields keep their kind when metadata change and when they are rolled back to", "[memory]") {
  auto store = memory_store();
  const auto data = locket::SecretData::json_object(locket::SecretValue(R"({"user":"u","port":5432})"));
  REQUIRE(store->put("a", *data));
  put(*store, "a", "bytes");
  REQUIRE(store->annotate("a", {.status = "active"}));

  auto first = store->get("a", at("1"));
  CHECK(first->kind() == locket::SecretData::Kind::Fields);
  CHECK(first->value() == data->encoded());
  CHECK_FALSE(store->stat("a")->fields);

  REQUIRE(*store->rollback("a", Version("1")) == Version("3"));
  CHECK(store->get("a")->field("port")->expose() == "5432");
  CHECK(store->stat("a")->fields == std::vector<std::string>{"user", "port"});
}

TEST_CASE("a value may be as large as the limit", "[memory]") {
  auto store = memory_store({.max_value = 8});
  CHECK(outcome(store->put("a", bytes("12345678"))) == "ok");
  CHECK(outcome(store->put("a", bytes("123456789"))) == "LimitExceeded");
  CHECK(history(*store, "a") == "1L*");

  auto unlimited = memory_store({.max_value = 0});
  CHECK(outcome(unlimited->put("a", bytes(std::string(3 << 20, 'x')))) == "ok");
}
