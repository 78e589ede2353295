// What a reviewer with the file in his hands, or with memory that runs out, tried.
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

#include <fcntl.h>

#include "header.hpp"
#include "key_file.hpp"
#include "local_test.hpp"

using namespace local_test;

namespace {

local::Admin admin_of(const Folder& folder) {
  return must(local::Admin::open(options(folder)));
}

class Xor final : public local::KeyProvider {
 public:
  std::string id() const override { return "xor"; }
  bool accepts(std::string_view) const override { return true; }
  Result<Wrapped> wrap(const SecretValue& root, std::string_view) override {
    return Wrapped{.blob = std::string(root.expose())};
  }
  Result<SecretValue> unwrap(std::string_view, std::string_view blob, std::string_view) override {
    return SecretValue(blob);
  }
};

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
  REQUIRE_FALSE(report.damage.empty());
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

TEST_CASE("an error does not repeat what a hostile file says at the reader's terminal") {
  const std::string escape = "\x1b]0;pwned\a\n";
  Folder folder;
  SECTION("as a record's name") {
    put(created(folder), "a", "1");
    Raw(folder.file("store.db")).run("UPDATE item SET bucket=1000, name='" + escape + "'");
    const auto listed = opened(folder)->list("");
    REQUIRE(reason(listed) == "local.integrity");
    CHECK(listed.error().to_string().find(escape) == std::string::npos);
  }
  SECTION("as an old value's name") {
    put(created(folder), "a", "1");
    Raw(folder.file("store.db")).run("INSERT INTO old SELECT '" + escape + "', 1, val FROM item");
    const auto report = must(admin_of(folder).verify());
    REQUIRE(report.damage.size() == 1);
    CHECK(report.damage[0].name.empty());
  }
  SECTION("as the key provider's id") {
    auto how = options(folder);
    how.key = local::ProvidedKey{.provider = std::make_shared<Xor>()};
    must(local::create(std::move(how))).reset();
    Raw raw(folder.file("store.db"));
    local::Header header = must(local::parse_header(local::bytes_of(raw.blob("SELECT body FROM header"))));
    header.provider = escape;
    const std::string body = local::encode(header);
    const auto sum = must(local::header_sum(local::bytes_of(body)));
    raw.run_with("UPDATE header SET body=?1, sum=?2", {body, std::string(local::text_of(sum))});
    how = options(folder);
    how.key = local::ProvidedKey{.provider = std::make_shared<Xor>()};
    const auto opened = local::open(std::move(how));
    REQUIRE(reason(opened) == "local.wrong_key_kind");
    CHECK(opened.error().to_string().find(escape) == std::string::npos);
  }
}

TEST_CASE("a planted old value stops no write as if locket were at fault") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  Raw(folder.file("store.db")).run("INSERT INTO old SELECT name, 1, val FROM item");
  const auto done = store->put("a", SecretData::bytes("2"));
  CHECK(reason(done) == "local.integrity");
  CHECK(get(store, "a") == "1");
}

TEST_CASE("a key file that is exchanged between looking and reading is not taken") {
  Folder folder;
  created(folder).reset();
  created(folder, "other.db").reset();
  const std::string path = folder.file("store.db.key");
  const auto own = must(local::read_key_file({.path = path}));
  const std::string foreign = folder.file("other.db.key");
  ::chmod(foreign.c_str(), 0644);
  REQUIRE(reason(local::read_key_file({.path = foreign})) == "local.key_file_mode");
  std::atomic<bool> stop{false};
  std::jthread attacker([&] {
    while (!stop) ::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, foreign.c_str(), RENAME_EXCHANGE);
  });
  int taken = 0;
  int foreign_taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (auto key = local::read_key_file({.path = path})) {
      ++taken;
      foreign_taken += !(*key == own);
    }
  }
  stop = true;
  CHECK(taken > 0);
  CHECK(foreign_taken == 0);
}

TEST_CASE("the only copy of a key in PATH.next is not lost to another store") {
  Folder folder;
  put(created(folder), "a", "1");
  const std::string key = folder.file("store.db.key");
  fs::rename(key, key + ".next");  // as a rekey to a new file leaves it, when it is killed behind its commit
  const std::string only = read_all(key + ".next");

  SECTION("that is created with PATH") {
    auto how = options(folder, "other.db");
    how.key = local::KeyFile{.path = key};
    const auto other = local::create(std::move(how));
    CHECK(reason(other) == "local.key_file_exists");
    CHECK(has_hint(other));
    CHECK_FALSE(fs::exists(folder.file("other.db")));
  }
  SECTION("that is rekeyed to PATH") {
    put(created(folder, "other.db"), "b", "2");
    auto admin = must(local::Admin::open(options(folder, "other.db")));
    CHECK(reason(admin.rekey(local::KeyFile{.path = key})) == "local.key_file_exists");
    CHECK(get(opened(folder, "other.db"), "b") == "2");
  }
  CHECK_FALSE(fs::exists(key));
  CHECK(read_all(key + ".next") == only);
  CHECK(get(opened(folder), "a") == "1");
}

TEST_CASE("a rekey that surely was not committed leaves no key behind") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  auto how = options(folder);
  how.busy_timeout = std::chrono::milliseconds(0);
  auto admin = must(local::Admin::open(std::move(how)));
  const local::KeyFile to{.path = folder.file("new.key")};
  {
    SQLite::Database reader(folder.file("store.db"), SQLite::OPEN_READONLY);
    SQLite::Statement reading(reader, "SELECT name FROM item");
    REQUIRE(reading.executeStep());
    CHECK(reason(admin.rekey(to)) == "local.busy");
  }
  CHECK_FALSE(fs::exists(to.path + ".next"));
  must(admin.rekey(to));
  CHECK(fs::exists(to.path));
}

TEST_CASE("an Admin is not used by the callback of its own verify") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  put(store, "b", "2");
  auto admin = admin_of(folder);
  int called = 0;
  const auto report = admin.verify([&](NameView name, const Secret& secret) {
    ++called;
    CHECK(reason(admin.rekey(local::KeyFile{.path = folder.file("store.db.key")})) == "local.admin_in_use");
    CHECK(reason(admin.key_status()) == "local.admin_in_use");
    CHECK(reason(admin.vacuum()) == "local.admin_in_use");
    CHECK(get(store, name.text()) == secret.value().expose());
  });
  REQUIRE(reason(report) == "ok");
  CHECK(report->damage.empty());
  CHECK(called == 2);
  must(admin.key_status());
}

TEST_CASE("a change of the working folder changes neither key file nor anchor") {
  Folder folder;
  Folder elsewhere;
  const int status = in_child([&] {
    if (::chdir(folder.path().c_str()) != 0) return 1;
    local::Options how;
    how.path = "store.db";
    how.key = local::KeyFile{.path = "store.db.key"};
    how.anchor = "anchor";
    const Store store = must(local::create(std::move(how)));
    how = {};
    how.path = "store.db";
    how.key = local::KeyFile{.path = "store.db.key"};
    how.anchor = "anchor";
    auto admin = must(local::Admin::open(std::move(how)));
    const std::string anchor = read_all(folder.file("anchor"));
    created(elsewhere).reset();
    const std::string other = read_all(elsewhere.file("store.db.key"));
    if (::chdir(elsewhere.path().c_str()) != 0) return 2;
    put(store, "a", "1");
    if (fs::exists(elsewhere.file("anchor")) || read_all(folder.file("anchor")) == anchor) return 3;
    static_cast<void>(admin.rekey(local::KeyFile{.path = "store.db.key"}));
    return read_all(elsewhere.file("store.db.key")) == other ? 0 : 4;
  });
  CHECK(status == 0);
}

TEST_CASE("a journal that another user planted is not played back") {
  if (::geteuid() != 0) SKIP("only root can plant a file as another user, because chown(2) needs its rights");
  Folder folder;
  put(created(folder), "a", "1");
  const std::string precious = folder.file("precious");
  write_all(precious, "mine");
  // A journal without pages, of a transaction over several files: SQLite removes the file that says so at its end.
  const auto u32 = [](std::uint32_t number) {
    std::string bytes(4, '\0');
    local::store_big_endian(number, reinterpret_cast<std::byte*>(bytes.data()));
    return bytes;
  };
  const std::string magic("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
  const auto pages = static_cast<std::uint32_t>(fs::file_size(folder.file("store.db")) / 4096);
  std::string journal = magic + u32(0) + u32(0) + u32(pages) + u32(512) + u32(4096);
  journal.resize(512);
  std::uint32_t sum = 0;
  for (const char c : precious) sum += static_cast<std::uint32_t>(c);
  journal += u32(262145) + precious + u32(static_cast<std::uint32_t>(precious.size())) + u32(sum) + magic;
  const std::string path = folder.file("store.db-journal");
  write_all(path, journal);
  REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
  CHECK(reason(local::open(options(folder))) == "local.file_owner");
  CHECK(fs::exists(precious));
}

TEST_CASE("an anchor that went away is not begun anew by a write") {
  Folder folder;
  const std::string anchor = folder.file("anchor");
  auto how = options(folder);
  how.anchor = anchor;
  const Store store = must(local::create(std::move(how)));
  put(store, "a", "1");
  fs::remove(anchor);
  const auto written = store->put("a", SecretData::bytes("2"));
  CHECK(reason(written) == "local.anchor_missing");
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().effect() == Effect::Applied);
  CHECK_FALSE(fs::exists(anchor));
}

TEST_CASE("a file that was switched to write-ahead logging while it was open is refused") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  Raw(folder.file("store.db")).run("PRAGMA journal_mode=WAL");
  CHECK(reason(store->put("a", SecretData::bytes("2"))) == "local.wal");
  CHECK(get(store, "a") == "local.wal");
}
