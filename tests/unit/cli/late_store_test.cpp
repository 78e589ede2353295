#include "cli/late_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include <locket/all.hpp>

namespace {

using namespace locket;
using cli::late_store;

std::shared_ptr<SecretStore> memory_store() {
  auto store = default_registry().open("memory:");
  REQUIRE(store);
  REQUIRE((*store)->put("a", SecretData::bytes(SecretValue("value"))));
  return *store;
}

Error failure(ErrorCode code) {
  return Error({.code = code, .reason = "test.failed", .message = "it does not open"});
}

TEST_CASE("a late store is opened by its first use, and once") {
  int opened = 0;
  const auto inner = memory_store();
  const auto store = late_store(
      [&]() -> Result<std::shared_ptr<SecretStore>> {
        ++opened;
        return inner;
      },
      "late", {});
  CHECK(store->describe() == "late");
  CHECK(opened == 0);
  const auto secret = store->get("a");
  REQUIRE(secret);
  CHECK(secret->value().expose() == "value");
  CHECK(store->stat("a"));
  CHECK(store->versions("a"));
  CHECK(store->list("")->items.size() == 1);
  CHECK(store->health());
  CHECK(store->get("b").error().code() == ErrorCode::NotFound);
  CHECK(opened == 1);
}

TEST_CASE("what a late store can do is what the store can, without writing") {
  const auto inner = memory_store();
  const auto store = late_store([&]() -> Result<std::shared_ptr<SecretStore>> { return inner; }, "late", {});
  CHECK(store->capabilities().list == inner->capabilities().list);
  CHECK(store->capabilities().stat_without_value == inner->capabilities().stat_without_value);
  CHECK(store->capabilities().versions == inner->capabilities().versions);
  CHECK_FALSE(store->capabilities().put);
  CHECK_FALSE(store->capabilities().remove);
  CHECK(store->put("b", SecretData::bytes(SecretValue("x"))).error().code() == ErrorCode::NotSupported);
  CHECK(store->remove("a").error().code() == ErrorCode::NotSupported);
  CHECK(store->annotate("a", {}).error().code() == ErrorCode::NotSupported);
  CHECK(inner->get("a"));
}

TEST_CASE("a store that does not open says so at every operation, and is tried once") {
  int tried = 0;
  const auto store = late_store(
      [&]() -> Result<std::shared_ptr<SecretStore>> {
        ++tried;
        return failure(ErrorCode::Cancelled);
      },
      "late", {});
  CHECK(store->get("a", {.which = Version("3")}).error().reason() == "test.failed");
  CHECK(store->get("a", {.which = Stage{"x"}}).error().reason() == "test.failed");
  CHECK(store->stat("a").error().reason() == "test.failed");
  const std::vector<GetRequest> requests{{.name = *NameView::parse("a")}, {.name = *NameView::parse("b")}};
  const auto answers = store->get_many(requests);
  REQUIRE(answers.size() == 2);
  for (const auto& answer : answers) CHECK(answer.error().code() == ErrorCode::Cancelled);
  CHECK(tried == 1);
}

TEST_CASE("that a store is not there is not that a secret is not there") {
  const auto store =
      late_store([]() -> Result<std::shared_ptr<SecretStore>> { return failure(ErrorCode::NotFound); }, "late", {});
  CHECK(store->get("a").error().code() == ErrorCode::Unavailable);
  CHECK(store->stat("a").error().code() == ErrorCode::Unavailable);
}

}  // namespace
