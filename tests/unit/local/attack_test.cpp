// What a reviewer with the file in his hands, or with memory that runs out, tried.
#include <string>

#include "local_test.hpp"

using namespace local_test;

namespace {

local::Admin admin_of(const Folder& folder) {
  return must(local::Admin::open(options(folder)));
}

}  // namespace

TEST_CASE("a record whose name is longer than any name is damage, and overruns nothing") {
  Folder folder;
  put(created(folder), "a", "1");
  const std::string name(100'000, 'x');
  // Its box says to be under the data key, so that it is tried.
  Raw(folder.file("store.db")).run("INSERT INTO item SELECT '" + name + "', bucket, meta, val FROM item");
  auto admin = admin_of(folder);
  const auto report = must(admin.verify());
  CHECK(report.values == 1);
  REQUIRE(report.damage.size() >= 1);
  for (const auto& damage : report.damage) {
    CHECK(damage.name.empty());
    CHECK(damage.what.size() < 1000);
  }
  CHECK(reason(admin.rotate()) == "local.integrity");
  const auto listed = opened(folder)->list("");
  REQUIRE(reason(listed) == "local.integrity");
  CHECK(listed.error().to_string().size() < 1000);
}

TEST_CASE("a secret does not go away when its name is made longer") {
  Folder folder;
  const std::string name(512, 'n');
  put(created(folder), name, "1");
  Raw(folder.file("store.db")).run("UPDATE item SET name=name || 'more'");
  const Store store = opened(folder);
  CHECK(get(store, name) == "local.integrity");
  CHECK(reason(store->put(name, SecretData::bytes("2"), {.condition = MustNotExist{}})) == "local.integrity");
}
