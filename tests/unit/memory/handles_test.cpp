#include <catch2/catch_test_macros.hpp>
#include <core/arena.hpp>

#include "unit/memory/fixture.hpp"

using namespace locket_test;

namespace {

std::size_t bytes_in_use() {
  return locket::arena::statistics().in_use;
}

}  // namespace

TEST_CASE("readers share one value", "[memory]") {
  auto store = memory_store();
  put(*store, "a", "one");
  const std::size_t before = bytes_in_use();
  auto first = store->get("a");
  auto second = store->get("a");
  CHECK(first->value().expose().data() == second->value().expose().data());
  CHECK(bytes_in_use() == before);
}

TEST_CASE("a put copies the data, and leaves the caller's alone", "[memory]") {
  auto store = memory_store();
  auto data = bytes("one");
  REQUIRE(store->put("a", data));
  CHECK(data.encoded().expose() == "one");
  CHECK(store->get("a")->value().expose().data() != data.encoded().expose().data());
}

TEST_CASE("a handle is what was read: changes, purge and the end of the store do not touch it", "[memory]") {
  auto store = memory_store({.max_versions = 1});
  REQUIRE(store->put("a", bytes("one"), {.metadata = locket::MetadataPatch{.status = "active"}}));
  auto secret = *store->get("a");

  SECTION("annotate") {
    REQUIRE(store->annotate("a", {.status = "revoked"}));
  }
  SECTION("put, which drops the version") {
    put(*store, "a", "two");
  }
  SECTION("remove") {
    REQUIRE(store->remove("a"));
  }
  SECTION("purge") {
    REQUIRE(store->purge("a"));
  }
  SECTION("the store goes") {
    store.reset();
  }
  CHECK(secret.value().expose() == "one");
  CHECK(secret.metadata().status == "active");
  CHECK(secret.version() == locket::Version("1"));
}

TEST_CASE("a value is given back when nobody can read it any more", "[memory]") {
  const std::size_t before = bytes_in_use();
  auto store = memory_store({.max_versions = 1});
  const std::string large(100000, 'x');
  put(*store, "a", large);
  REQUIRE(bytes_in_use() >= before + large.size());

  SECTION("its last handle after a purge") {
    auto secret = std::make_unique<locket::Secret>(*store->get("a"));
    REQUIRE(store->purge("a"));
    CHECK(bytes_in_use() >= before + large.size());
    secret.reset();
    CHECK(bytes_in_use() == before);
  }
  SECTION("dropped from the history") {
    put(*store, "a", "small");
    CHECK(bytes_in_use() < before + large.size());
  }
  SECTION("the store goes") {
    store.reset();
    CHECK(bytes_in_use() == before);
  }
}

TEST_CASE("a removed value is kept for undelete, until purge", "[memory]") {
  const std::size_t before = bytes_in_use();
  auto store = memory_store();
  const std::string large(100000, 'x');
  put(*store, "a", large);
  REQUIRE(store->remove("a"));
  CHECK(bytes_in_use() >= before + large.size());
  REQUIRE(store->purge("a"));
  CHECK(bytes_in_use() == before);
}

TEST_CASE("refused and repeated puts keep no value", "[memory]") {
  auto store = memory_store();
  REQUIRE(store->put("a", bytes("one"), {.idempotency_key = "k"}));
  const std::size_t before = bytes_in_use();
  REQUIRE(store->put("a", bytes("one"), {.idempotency_key = "k"}));
  REQUIRE_FALSE(store->put("a", bytes("two"), {.condition = locket::MustNotExist{}}));
  REQUIRE_FALSE(store->put("b", bytes("two"), {.condition = locket::Version("1")}));
  CHECK(bytes_in_use() == before);
}
