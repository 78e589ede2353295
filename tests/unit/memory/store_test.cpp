#include <atomic>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include <locket/registry.hpp>

#include "unit/core/child.hpp"
#include "unit/memory/fixture.hpp"

using namespace locket_test;

TEST_CASE("names are listed by bytes, whole segments below the prefix", "[memory]") {
  auto store = memory_store();
  for (const char* name : {"dba/x", "db/z", "db", "db!", "db/eu/y", "db-old/x", "db/A", "c"}) put(*store, name, "x");
  CHECK(listing(*store, "", {}) == "c db db! db-old/x db/A db/eu/y db/z dba/x ");
  CHECK(listing(*store, "db", {}) == "db/A db/eu/y db/z ");
  CHECK(listing(*store, "db/", {.limit = 1}) == "db/A | db/eu/y | db/z ");
  CHECK(listing(*store, "nothing", {}).empty());
}

TEST_CASE("removed names leave pages short, not the listing", "[memory]") {
  auto store = memory_store();
  for (const char* name : {"a", "b", "c", "d", "e"}) put(*store, name, "x");
  REQUIRE(store->remove("a"));
  REQUIRE(store->remove("b"));
  REQUIRE(store->remove("d"));
  CHECK(listing(*store, "", {.limit = 2}) == "| c | e ");
  CHECK(listing(*store, "", {.deleted = true, .limit = 2}) == "a- b- | c d- | e ");
}

TEST_CASE("a listing goes on behind a name that was purged", "[memory]") {
  auto store = memory_store();
  for (const char* name : {"a", "b", "c"}) put(*store, name, "x");
  auto first = store->list("", {.limit = 1});
  REQUIRE(store->purge("a"));
  auto second = store->list("", {.limit = 1, .page = first->next});
  REQUIRE(second->items.size() == 1);
  CHECK(second->items[0].name.text() == "b");
}

TEST_CASE("a listing without a limit has a hundred names a page", "[memory]") {
  auto store = memory_store();
  for (int i = 0; i < 250; ++i) put(*store, "name" + std::to_string(i), "x");
  CHECK(store->list("")->items.size() == 100);
  CHECK(store->list("", {.limit = 1000})->items.size() == 250);
}

TEST_CASE("metadata, version and fields are listed when they are asked for", "[memory]") {
  auto store = memory_store();
  REQUIRE(store->put("a", user("u")));
  auto plain = store->list("")->items.at(0);
  CHECK_FALSE(plain.metadata);
  CHECK_FALSE(plain.fields);
  auto full = store->list("", {.metadata = true})->items.at(0);
  CHECK(full.current == locket::Version("1"));
  CHECK(full.metadata == store->get("a")->metadata());
  CHECK(full.fields == std::vector<std::string>{"user"});
}

TEST_CASE("it says what it is", "[memory]") {
  auto store = memory_store();
  CHECK(store->describe() == "memory");
  CHECK(store->health()->ready);
  CHECK(store->health()->state == "ok");
  CHECK(store->get("a").error().message() == "no secret named 'a'");
}

TEST_CASE("the registry opens memory: as a new store each time", "[memory]") {
  locket::Registry registry;
  locket::memory::add_schemes(registry);
  auto one = registry.open("memory:");
  auto two = registry.open("memory:");
  REQUIRE(one);
  REQUIRE(two);
  put(**one, "a", "x");
  CHECK(read(**two, "a") == "[NotFound]");
  CHECK(outcome(registry.open("memory:/path")) == "InvalidArgument");
  CHECK(outcome(registry.open("memory://host")) == "InvalidArgument");
  CHECK(outcome(registry.open("memory:?history=3")) == "InvalidArgument");
}

TEST_CASE("names come and go on several threads while others list and read", "[memory]") {
  auto store = memory_store();
  put(*store, "b/stays", "x");
  std::atomic<bool> lost = false;
  std::atomic<int> writers = 2;
  const auto churn = [&](const std::string& name) {
    for (int i = 0; i < 500; ++i) {
      put(*store, name, "x");
      if (!store->purge(name)) lost = true;
    }
    --writers;
  };
  const auto watch = [&] {
    while (writers > 0) {
      if (listing(*store, "b", {.limit = 1}).find("b/stays") == std::string::npos) lost = true;
      if (read(*store, "b/stays") != "x") lost = true;
    }
  };
  {
    const std::jthread before(churn, "b/before");
    const std::jthread behind(churn, "b/worse");
    const std::jthread watcher(watch);
  }
  CHECK_FALSE(lost);
  CHECK(listing(*store, "", {}) == "b/stays ");
}

// What the destructor would wipe in the child shows whether it walked over the table, which may be half changed there.
TEST_CASE("a child that was forked amid writes is refused, and drops the store without touching it", "[memory][fork]") {
  auto store = memory_store();
  put(*store, "a", "mine");
  put(*store, "b", "the store's");
  const auto held = *store->get("a");
  const std::string_view unheld = store->get("b")->value().expose();
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) {
      put(*store, "churn" + std::to_string(i % 50), "x");
      if (i % 3 == 0) static_cast<void>(store->purge("churn" + std::to_string(i % 50)));
    }
  });
  for (int i = 0; i < 20; ++i) {
    CHECK(in_child([&] {
            if (read(*store, "a") != "[Unavailable]" || outcome(store->list("")) != "Unavailable") return 1;
            store.reset();
            return held.value().expose() == "mine" && unheld == "the store's" ? 0 : 2;
          }) == 0);
  }
}
