#include <atomic>
#include <thread>

#include "local_test.hpp"

using namespace local_test;

namespace {

local::KeyFile key_file(const Folder& folder) {
  return {.path = folder.file("store.db.key")};
}

local::Admin admin_of(const Folder& folder) {
  return must(local::Admin::open(options(folder)));
}

}  // namespace

TEST_CASE("a rekey gives a new key, and everything stays readable") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  put(store, "a", "2");
  const std::string before = read_all(folder.file("store.db.key"));
  auto admin = admin_of(folder);
  must(admin.rekey(key_file(folder)));
  CHECK(read_all(folder.file("store.db.key")) != before);
  CHECK_FALSE(fs::exists(folder.file("store.db.key.next")));
  CHECK(contents(folder.path()).size() == 2);
  const Store fresh = opened(folder);
  CHECK(get(fresh, "a") == "2");
  CHECK(get(fresh, "a", at("1")) == "1");
  CHECK(must(admin.key_status()).key_epoch == 2);
  put(fresh, "a", "3");

  SECTION("stores that are open elsewhere say so") {
    const auto read = store->get("a");
    CHECK(reason(read) == "local.key_changed");
    CHECK(has_hint(read));
    CHECK(reason(store->put("a", SecretData::bytes("4"))) == "local.key_changed");
    CHECK(reason(store->list("")) == "local.key_changed");
    CHECK(reason(store->health()) == "local.key_changed");
  }
  SECTION("the old key opens it no more") {
    write_all(folder.file("old.key"), before);
    auto how = options(folder);
    how.key = local::KeyFile{.path = folder.file("old.key")};
    CHECK(reason(local::open(std::move(how))) == "local.wrong_key");
  }
  SECTION("the admin goes on") {
    must(admin.rekey(key_file(folder)));
    must(admin.rotate());
    CHECK(must(admin.verify()).damage.empty());
    CHECK(get(opened(folder), "a") == "3");
  }
}

TEST_CASE("a rekey changes the kind of key") {
  Folder folder;
  put(created(folder), "a", "1");
  auto admin = admin_of(folder);
  must(admin.rekey(cheap("correct horse")));
  auto status = must(admin.key_status());
  CHECK(status.kind == local::KeyStatus::Kind::Passphrase);
  CHECK(status.kdf->memory_kib == 19456);
  auto how = options(folder);
  how.key = cheap("correct horse");
  CHECK(get(must(local::open(std::move(how))), "a") == "1");

  must(admin.rekey(local::KeyFile{.path = folder.file("keys/new.key")}));
  how = options(folder);
  how.key = local::KeyFile{.path = folder.file("keys/new.key")};
  CHECK(get(must(local::open(std::move(how))), "a") == "1");
  CHECK(mode_of(folder.file("keys/new.key")) == 0600);
}

TEST_CASE("a rekey does not take the place of another key file") {
  Folder folder;
  created(folder).reset();
  created(folder, "other.db").reset();
  const auto before = contents(folder.path());
  auto admin = admin_of(folder);
  const auto done = admin.rekey(local::KeyFile{.path = folder.file("other.db.key")});
  CHECK(reason(done) == "local.key_file_exists");
  CHECK(done.error().operation() == "rekey");
  CHECK(done.error().backend().starts_with("local ("));
  CHECK(has_hint(done));
  CHECK(contents(folder.path()) == before);
}

TEST_CASE("a rekey that was killed behind its commit is finished by the next open") {
  Folder folder;
  put(created(folder), "a", "1");
  const std::string key = folder.file("store.db.key");
  const std::string before = read_all(key);
  {
    auto admin = admin_of(folder);
    must(admin.rekey(key_file(folder)));
  }
  // As it was between the commit and the rename.
  const std::string after = read_all(key);
  write_all(key + ".next", after);
  SECTION("over the old key") {
    write_all(key, before);
  }
  SECTION("where there was none") {
    fs::remove(key);
  }
  CHECK(get(opened(folder), "a") == "1");
  CHECK(read_all(key) == after);
  CHECK_FALSE(fs::exists(key + ".next"));
}

TEST_CASE("a rekey that was killed before its commit changes nothing, and its key is not taken") {
  Folder folder;
  put(created(folder), "a", "1");
  created(folder, "other.db").reset();
  const std::string key = folder.file("store.db.key");
  const std::string before = read_all(key);
  write_all(key + ".next", read_all(folder.file("other.db.key")));
  CHECK(get(opened(folder), "a") == "1");
  CHECK(read_all(key) == before);
  CHECK(fs::exists(key + ".next"));
  auto admin = admin_of(folder);
  must(admin.rekey(key_file(folder)));
  CHECK_FALSE(fs::exists(key + ".next"));
  CHECK(get(opened(folder), "a") == "1");
}

TEST_CASE("one handle rekeys while another writes: no acknowledged write is lost") {
  Folder folder;
  created(folder).reset();
  std::atomic<bool> stop{false};
  std::atomic<int> written{0};
  std::atomic<int> wrong{0};
  std::jthread writer([&] {
    while (!stop) {
      auto store = local::open(options(folder));
      if (!store) {
        wrong += store.error().reason() != "local.wrong_key" && store.error().reason() != "local.key_changed";
        continue;
      }
      for (int i = 0; i < 5; ++i) {
        const auto put = (*store)->put("n/" + std::to_string(written), SecretData::bytes(std::to_string(written)));
        if (put) {
          ++written;
        } else if (put.error().reason() != "local.key_changed") {
          ++wrong;
        }
      }
    }
  });
  auto admin = admin_of(folder);
  for (int i = 0; i < 8; ++i) must(admin.rekey(key_file(folder)));
  stop = true;
  writer.join();
  CHECK(wrong == 0);
  const Store store = opened(folder);
  for (int i = 0; i < written; ++i) CHECK(get(store, "n/" + std::to_string(i)) == std::to_string(i));
  CHECK(must(admin.verify()).damage.empty());
}
