#include <catch2/catch_test_macros.hpp>

#include "unit/memory/fixture.hpp"

using namespace locket_test;
using locket::MustNotExist;
using locket::PutOptions;
using locket::Version;

TEST_CASE("a removed secret keeps its history and its current version", "[memory]") {
  auto store = memory_store();
  put(*store, "a", "one");
  put(*store, "a", "two");
  REQUIRE(store->remove("a"));

  CHECK(read(*store, "a") == "[Deleted]");
  CHECK(read(*store, "a", at("1")) == "[Deleted]");
  CHECK(read(*store, "a", at("3")) == "[NotFound]");
  CHECK(history(*store, "a") == "2D* 1D");
  CHECK(store->stat("a")->deleted);
  CHECK(store->stat("a")->current == Version("2"));
  CHECK(outcome(store->stat("a", at("1"))) == "Deleted");
  CHECK(outcome(store->stat("a", at("3"))) == "NotFound");
}

TEST_CASE("the fields of a removed secret are not told", "[memory]") {
  auto store = memory_store();
  REQUIRE(store->put("a", user("u")));
  REQUIRE(store->stat("a")->fields);
  REQUIRE(store->remove("a"));
  CHECK_FALSE(store->stat("a")->fields);
}

TEST_CASE("a put brings the secret back; its older versions wait for undelete", "[memory]") {
  auto store = memory_store();
  put(*store, "a", "one");
  put(*store, "a", "two");
  REQUIRE(store->remove("a"));
  CHECK(put(*store, "a", "three") == Version("3"));

  CHECK(history(*store, "a") == "3L* 2D 1D");
  CHECK_FALSE(store->stat("a")->deleted);
  CHECK(read(*store, "a") == "three");
  CHECK(read(*store, "a", at("2")) == "[Deleted]");
  CHECK(outcome(store->stat("a", at("2"))) == "Deleted");
  CHECK(outcome(store->rollback("a", Version("2"))) == "Deleted");

  SECTION("a second removal takes the rest") {
    REQUIRE(store->remove("a"));
    CHECK(history(*store, "a") == "3D* 2D 1D");
  }
  REQUIRE(store->undelete("a"));
  CHECK(history(*store, "a") == "3L* 2L 1L");
  CHECK(read(*store, "a") == "three");
  CHECK(read(*store, "a", at("2")) == "two");
}

TEST_CASE("undelete of what is not deleted does nothing", "[memory]") {
  auto store = memory_store();
  put(*store, "a", "one");
  REQUIRE(store->undelete("a"));
  CHECK(history(*store, "a") == "1L*");
  CHECK(outcome(store->undelete("b")) == "NotFound");
}

TEST_CASE("metadata outlive removal, and a put without a patch keeps them", "[memory]") {
  auto store = memory_store();
  REQUIRE(store->put("a", bytes("one"), {.metadata = locket::MetadataPatch{.description = "mine"}}));
  REQUIRE(store->remove("a"));
  CHECK(store->stat("a")->metadata->description == "mine");
  CHECK(outcome(store->annotate("a", {.description = "yours"})) == "Deleted");
  put(*store, "a", "two");
  CHECK(store->get("a")->metadata().description == "mine");
}

TEST_CASE("a purged name begins anew", "[memory]") {
  auto store = memory_store();
  const PutOptions once{.metadata = locket::MetadataPatch{.description = "mine"}, .idempotency_key = "k"};
  REQUIRE(store->put("a", bytes("one"), once));
  put(*store, "b", "other");
  REQUIRE(store->purge("a"));

  CHECK(read(*store, "a") == "[NotFound]");
  CHECK(listing(*store, "", {.deleted = true, .limit = 1}) == "b ");
  CHECK(outcome(store->purge("a")) == "NotFound");
  CHECK(*store->put("a", bytes("two"), {.condition = MustNotExist{}, .idempotency_key = "k"}) == Version("1"));
  CHECK(store->get("a")->metadata().description.empty());
}

TEST_CASE("conditions look at the current version, removed or not", "[memory]") {
  auto store = memory_store();
  CHECK(outcome(store->put("a", bytes("x"), {.condition = Version("1")})) == "Conflict");
  CHECK(outcome(store->get("a")) == "NotFound");
  CHECK(listing(*store, "", {}).empty());

  put(*store, "a", "one");
  REQUIRE(store->remove("a"));
  CHECK(outcome(store->put("a", bytes("x"), {.condition = MustNotExist{}})) == "Conflict");
  CHECK(outcome(store->put("a", bytes("x"), {.condition = Version("2")})) == "Conflict");
  CHECK(history(*store, "a") == "1D*");
  CHECK(*store->put("a", bytes("two"), {.condition = Version("1")}) == Version("2"));
}

TEST_CASE("of several refusals NotFound comes before Deleted, and Deleted before Conflict", "[memory]") {
  auto store = memory_store();
  const PutOptions wrong{.condition = Version("7")};
  CHECK(outcome(store->rollback("a", Version("1"), wrong)) == "NotFound");
  put(*store, "a", "one");
  CHECK(outcome(store->rollback("a", Version("2"), wrong)) == "NotFound");
  CHECK(outcome(store->rollback("a", Version("1"), wrong)) == "Conflict");
  REQUIRE(store->remove("a"));
  CHECK(outcome(store->rollback("a", Version("2"), wrong)) == "NotFound");
  CHECK(outcome(store->rollback("a", Version("1"), wrong)) == "Deleted");
}

TEST_CASE("a repeated put answers as the first time, whatever happened since", "[memory]") {
  auto store = memory_store();
  const PutOptions create{.condition = MustNotExist{}, .idempotency_key = "k"};
  REQUIRE(*store->put("a", bytes("one"), create) == Version("1"));
  CHECK(*store->put("a", bytes("one"), create) == Version("1"));
  CHECK(outcome(store->put("a", bytes("two"), create)) == "Conflict");

  SECTION("the secret was removed, and stays so") {
    REQUIRE(store->remove("a"));
    CHECK(*store->put("a", bytes("one"), create) == Version("1"));
    CHECK(history(*store, "a") == "1D*");
  }
  SECTION("but only the last put is remembered") {
    put(*store, "a", "two");
    CHECK(*store->put("a", bytes("one"), {.idempotency_key = "k"}) == Version("3"));
  }
  SECTION("a put that was refused is none") {
    REQUIRE_FALSE(store->put("a", bytes("two"), {.condition = Version("9"), .idempotency_key = "l"}));
    CHECK(*store->put("a", bytes("one"), create) == Version("1"));
  }
}

TEST_CASE("a put is no repetition when the same bytes are meant otherwise", "[memory]") {
  auto store = memory_store();
  const auto fields = user("u");
  REQUIRE(store->put("a", fields, {.idempotency_key = "k"}));
  CHECK(outcome(store->put("a", bytes(fields.encoded().expose()), {.idempotency_key = "k"})) == "Conflict");
}

TEST_CASE("a repeated rollback answers as the first time, though its source was dropped", "[memory]") {
  auto store = memory_store({.max_versions = 2});
  put(*store, "a", "one");
  put(*store, "a", "two");
  const PutOptions once{.idempotency_key = "k"};
  REQUIRE(*store->rollback("a", Version("1"), once) == Version("3"));
  REQUIRE(history(*store, "a") == "3L* 2L");
  CHECK(*store->rollback("a", Version("1"), once) == Version("3"));
  CHECK(outcome(store->rollback("a", Version("2"), once)) == "Conflict");
  CHECK(read(*store, "a") == "one");

  REQUIRE(store->put("a", bytes("four"), {.idempotency_key = "l"}));
  CHECK(outcome(store->rollback("a", Version("1"), {.idempotency_key = "l"})) == "NotFound");
}
