#include <algorithm>
#include <atomic>
#include <thread>

#include "local_test.hpp"

using namespace local_test;

namespace {

local::Admin admin_of(const Folder& folder) {
  return must(local::Admin::open(options(folder)));
}

bool names(const local::VerifyReport& report, std::string_view name) {
  return std::ranges::any_of(report.damage, [&](const local::Damage& damage) { return damage.name == name; });
}

}  // namespace

TEST_CASE("verify counts what is whole and gives it out") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  put(store, "a", "2");
  put(store, "b", "3");
  must(store->remove("b"));
  auto admin = admin_of(folder);
  std::map<std::string, std::string> intact;
  const auto report = must(admin.verify([&](NameView name, const Secret& secret) {
    intact[std::string(name.text())] = std::string(secret.value().expose());
  }));
  CHECK(report.damage.empty());
  CHECK(report.secrets == 2);
  CHECK(report.values == 3);
  CHECK(intact == std::map<std::string, std::string>{{"a", "2"}});
}

TEST_CASE("verify names every damaged record and returns the rest") {
  Folder folder;
  const Store store = created(folder);
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    put(store, name, "old");
    put(store, name, name);
  }
  Raw raw(folder.file("store.db"));
  raw.run("UPDATE item SET meta=cast(substr(meta, 1, 40)||x'ffff'||substr(meta, 43) AS BLOB) WHERE name='a'");
  raw.run("UPDATE item SET val=x'01' WHERE name='b'");
  raw.run("UPDATE old SET val=x'01' WHERE name='c'");
  raw.run("DELETE FROM old WHERE name='d'");
  raw.run("INSERT INTO old(name, ver, val) VALUES('e', 9, x'01'), ('z', 1, x'01')");
  auto admin = admin_of(folder);
  std::vector<std::string> intact;
  const auto report = must(admin.verify([&](NameView name, const Secret&) { intact.emplace_back(name.text()); }));
  for (const char* name : {"a", "b", "c", "d", "e", "z"}) CHECK(names(report, name));
  CHECK_FALSE(names(report, "f"));
  CHECK(intact == std::vector<std::string>{"c", "d", "e", "f"});
}

TEST_CASE("verify tells of lost and replayed records, by their bucket") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  put(store, "b", "1");
  Raw(folder.file("store.db")).run("DELETE FROM item WHERE name='a'");
  auto admin = admin_of(folder);
  const auto report = must(admin.verify());
  REQUIRE(report.damage.size() == 1);
  CHECK(report.damage[0].name.empty());
  CHECK(report.damage[0].what.find("bucket") != std::string::npos);
}

TEST_CASE("a backup is whole, this user's alone, and never over something") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  auto admin = admin_of(folder);
  const ::mode_t before = ::umask(0);
  must(admin.backup_to(folder.file("backup.db")));
  ::umask(before);
  CHECK(mode_of(folder.file("backup.db")) == 0600);
  CHECK(contents(folder.path()).size() == 3);
  put(store, "a", "2");
  auto how = options(folder);
  how.path = folder.file("backup.db");
  CHECK(get(must(local::open(std::move(how))), "a") == "1");

  const std::string there = read_all(folder.file("backup.db"));
  const auto again = admin.backup_to(folder.file("backup.db"));
  CHECK(reason(again) == "local.exists");
  CHECK(has_hint(again));
  CHECK(read_all(folder.file("backup.db")) == there);
  CHECK(contents(folder.path()).size() == 3);
  CHECK_FALSE(admin.backup_to(folder.file("no/such/folder.db")).ok());
}

TEST_CASE("backups made while others write are consistent") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "0");
  auto admin = admin_of(folder);
  std::atomic<bool> stop{false};
  std::jthread writer([&] {
    for (int i = 0; !stop; ++i) put(store, "n/" + std::to_string(i % 20), std::to_string(i));
  });
  for (int i = 0; i < 5; ++i) {
    const std::string path = folder.file("backup" + std::to_string(i));
    must(admin.backup_to(path));
    auto how = options(folder);
    how.path = path;
    auto copy = must(local::Admin::open(std::move(how)));
    CHECK(must(copy.verify()).damage.empty());
  }
  stop = true;
}

TEST_CASE("vacuum gives room back and changes nothing else") {
  Folder folder;
  const Store store = created(folder);
  for (int i = 0; i < 100; ++i) put(store, "s/" + std::to_string(i), std::string(2000, 'x'));
  for (int i = 1; i < 100; ++i) must(store->purge("s/" + std::to_string(i)));
  const auto before = fs::file_size(folder.file("store.db"));
  auto admin = admin_of(folder);
  must(admin.vacuum());
  CHECK(fs::file_size(folder.file("store.db")) < before / 4);
  CHECK(mode_of(folder.file("store.db")) == 0600);
  CHECK(get(store, "s/0") == std::string(2000, 'x'));
  CHECK(get(opened(folder), "s/0") == std::string(2000, 'x'));
  CHECK(must(admin.verify()).damage.empty());
}

TEST_CASE("key status tells what there is, and no key") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  auto admin = admin_of(folder);
  const auto status = must(admin.key_status());
  CHECK(status.kind == local::KeyStatus::Kind::Raw);
  CHECK(status.store_id.size() == 32);
  CHECK(status.key_epoch == 1);
  CHECK(status.generation == 1);
  REQUIRE(status.data_keys.size() == 1);
  CHECK(status.data_keys[0].boxes == 2);
}

TEST_CASE("an administration call keeps its deadline") {
  Folder folder;
  created(folder).reset();
  auto admin = admin_of(folder);
  const auto late = admin.verify({}, {.deadline = system_clock()->steady() - std::chrono::seconds(1)});
  CHECK(late.error().code() == ErrorCode::Timeout);
  CHECK(late.error().operation() == "verify");
}
