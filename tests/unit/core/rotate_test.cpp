#include <locket/rotate.hpp>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>

using namespace locket;

namespace {

const Generator next_value = [] { return Result<SecretData>(SecretData::bytes("new")); };

}  // namespace

TEST_CASE("rotating writes a new version and keeps the old one") {
  const auto store = *memory::open();
  const Name name = *Name::parse("db/password");
  REQUIRE(store->put(name, SecretData::bytes("old")));
  const auto version = rotate(*store, name, next_value);
  REQUIRE(version);
  CHECK(store->get(name)->value().expose() == "new");
  CHECK(store->get(name)->version() == *version);
  CHECK(store->get(name)->metadata().last_rotated);
  CHECK(store->get(name, {.which = Version("1")})->value().expose() == "old");
}

TEST_CASE("a writer in between wins, and the generated value is stored nowhere") {
  const auto store = *memory::open();
  const Name name = *Name::parse("db/password");
  REQUIRE(store->put(name, SecretData::bytes("old")));
  const auto version = rotate(*store, name, [&] {
    REQUIRE(store->put(name, SecretData::bytes("someone else's")));
    return next_value();
  });
  CHECK(version.error().code() == ErrorCode::Conflict);
  CHECK(store->get(name)->value().expose() == "someone else's");
}

TEST_CASE("nothing is generated for a secret that is not there, and nothing written when generating fails") {
  const auto store = *memory::open();
  const Name name = *Name::parse("db/password");
  int generated = 0;
  const Generator failing = [&] {
    ++generated;
    return Result<SecretData>(Error({.code = ErrorCode::Internal, .reason = "random.failed"}));
  };
  CHECK(rotate(*store, name, failing).error().code() == ErrorCode::NotFound);
  REQUIRE(store->put(name, SecretData::bytes("old")));
  REQUIRE(store->remove(name));
  CHECK(rotate(*store, name, failing).error().code() == ErrorCode::Deleted);
  CHECK(generated == 0);
  REQUIRE(store->undelete(name));
  CHECK(rotate(*store, name, failing).error().reason() == "random.failed");
  CHECK(store->get(name)->version() == Version("1"));
}
