#include "local_test.hpp"

using namespace local_test;
using DataKeyState = local::DataKeyStatus::State;

namespace {

local::Admin admin_of(const Folder& folder) {
  return must(local::Admin::open(options(folder)));
}

void fill(const Store& store, int secrets) {
  for (int i = 0; i < secrets; ++i) put(store, "s/" + std::to_string(i), "value " + std::to_string(i));
}

}  // namespace

TEST_CASE("a rotation re-encrypts everything and destroys the old key") {
  Folder folder;
  const Store store = created(folder);
  fill(store, 5);
  put(store, "s/1", "second");
  must(store->remove("s/2"));
  const std::string old_value = Raw(folder.file("store.db")).blob("SELECT val FROM old");
  auto admin = admin_of(folder);
  std::vector<std::uint64_t> steps;
  must(admin.rotate([&](const local::Progress& progress) {
    steps.push_back(progress.done);
    CHECK(progress.total == 5);
  }));
  CHECK(steps == std::vector<std::uint64_t>{5});
  const auto keys = must(admin.key_status()).data_keys;
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].state == DataKeyState::Destroyed);
  CHECK(keys[0].boxes == 0);
  CHECK(keys[1].state == DataKeyState::Primary);
  CHECK(keys[1].boxes == 11);
  CHECK(Raw(folder.file("store.db")).blob("SELECT val FROM old") != old_value);
  CHECK(Raw(folder.file("store.db")).blob("SELECT box FROM dek WHERE id=1").empty());

  // A store that was open all the while takes part.
  CHECK(get(store, "s/1") == "second");
  CHECK(get(store, "s/1", at("1")) == "value 1");
  CHECK(get(store, "s/2") == "secret.deleted");
  put(store, "s/3", "new");
  CHECK(get(opened(folder), "s/3") == "new");
  CHECK(must(admin.verify()).damage.empty());
}

TEST_CASE("a rotation that was stopped is finished by the next one") {
  Folder folder;
  const Store store = created(folder);
  fill(store, 150);
  auto admin = admin_of(folder);
  std::stop_source stop;
  const auto stopped = admin.rotate([&](const local::Progress&) { stop.request_stop(); }, {.stop = stop.get_token()});
  CHECK(stopped.error().code() == ErrorCode::Cancelled);
  auto keys = must(admin.key_status()).data_keys;
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].state == DataKeyState::DecryptOnly);
  CHECK(keys[0].boxes == 100);
  CHECK(keys[1].boxes == 200);
  CHECK(get(store, "s/1") == "value 1");
  CHECK(get(store, "s/99") == "value 99");
  CHECK(must(admin.verify()).damage.empty());

  auto other = admin_of(folder);
  must(other.rotate());
  keys = must(other.key_status()).data_keys;
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].state == DataKeyState::Destroyed);
  CHECK(get(store, "s/99") == "value 99");
}

TEST_CASE("a rekey in the middle of a rotation, and a rotation after it") {
  Folder folder;
  fill(created(folder), 120);
  auto admin = admin_of(folder);
  std::stop_source stop;
  CHECK_FALSE(admin.rotate([&](const local::Progress&) { stop.request_stop(); }, {.stop = stop.get_token()}).ok());
  must(admin.rekey(local::KeyFile{.path = folder.file("store.db.key")}));
  must(admin.rotate());
  must(admin.rekey(local::KeyFile{.path = folder.file("store.db.key")}));
  must(admin.rotate());
  const Store store = opened(folder);
  CHECK(get(store, "s/119") == "value 119");
  CHECK(must(admin.key_status()).data_keys.size() == 3);
  CHECK(must(admin.verify()).damage.empty());
}

TEST_CASE("others read and write while a rotation runs") {
  Folder folder;
  const Store store = created(folder);
  fill(store, 250);
  auto admin = admin_of(folder);
  must(admin.rotate([&](const local::Progress& progress) {
    put(store, "s/0", "at " + std::to_string(progress.done));
    CHECK(get(store, "s/249") == "value 249");
    must(store->purge("s/" + std::to_string(progress.done % 200 + 1)));
  }));
  CHECK(must(admin.key_status()).data_keys[0].state == DataKeyState::Destroyed);
  CHECK(must(admin.verify()).damage.empty());
}

TEST_CASE("a rotation stops at a damaged record and names it") {
  Folder folder;
  const Store store = created(folder);
  fill(store, 3);
  Raw(folder.file("store.db")).run("UPDATE item SET val=x'00' WHERE name='s/1'");
  auto admin = admin_of(folder);
  const auto done = admin.rotate();
  CHECK(reason(done) == "local.integrity");
  CHECK(done.error().message().find("s/1") != std::string::npos);
  CHECK(get(store, "s/0") == "value 0");
}

TEST_CASE("a value that no secret knows does not keep a rotation going for ever") {
  Folder folder;
  const Store store = created(folder);
  fill(store, 1);
  Raw raw(folder.file("store.db"));
  raw.run("INSERT INTO old(name, ver, val) SELECT 'stray', 1, val FROM item");
  auto admin = admin_of(folder);
  CHECK(reason(admin.rotate()) == "local.integrity");
  raw.run("DELETE FROM old");
  must(admin.rotate());
}
