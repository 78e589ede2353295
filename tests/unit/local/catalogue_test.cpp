// What SECURITY.md's catalogue says of local stores and the other files here do not show.
#include <chrono>
#include <csignal>

#include <catch2/generators/catch_generators.hpp>
#include <sys/mount.h>

#include "local_test.hpp"

using namespace local_test;

namespace {

/// The table's rows change and the index on its buckets does not.
void behind_the_index(const std::string& path, const std::function<void(Raw&)>& change) {
  const char* const where = " FROM sqlite_schema WHERE name='item_bucket'";
  std::string rowid, page, sql;
  {
    Raw raw(path);
    rowid = raw.blob(std::string("SELECT rowid") + where);
    page = raw.blob(std::string("SELECT rootpage") + where);
    sql = raw.blob(std::string("SELECT sql") + where);
    raw.run("PRAGMA writable_schema=ON; DELETE" + std::string(where));
  }
  {
    Raw raw(path);
    change(raw);
  }
  Raw(path).run(
      "PRAGMA writable_schema=ON; INSERT INTO sqlite_schema(rowid, type, name, tbl_name, rootpage, sql) VALUES(" +
      rowid + ", 'index', 'item_bucket', 'item', " + page + ", '" + sql + "')");
}

}  // namespace

TEST_CASE("a record that was put back behind the index's back is found at its first read") {
  Folder folder;
  Store store = created(folder);
  put(store, "a", "1");
  put(store, "b", "1");
  const std::string path = folder.file("store.db");
  const auto column = [&](const char* name) {
    return Raw(path).blob(std::string("SELECT ") + name + " FROM item WHERE name='a'");
  };
  const std::string bucket = column("bucket");
  const std::string meta = column("meta");
  const std::string val = column("val");
  must(store->purge("a"));
  store.reset();
  behind_the_index(path, [&](Raw& raw) {
    raw.run_with("INSERT INTO item(name, bucket, meta, val) VALUES('a', " + bucket + ", ?, ?)", {meta, val});
  });
  store = opened(folder);
  CHECK(get(store, "a") == "local.integrity");
  CHECK(reason(store->get_many(std::vector<GetRequest>{{.name = must(NameView::parse("a"))}})[0]) == "local.integrity");
  CHECK(reason(store->stat("a")) == "local.integrity");
  CHECK(reason(store->put("a", SecretData::bytes("2"))) == "local.integrity");
  CHECK(reason(store->purge("a")) == "local.integrity");
  CHECK(get(store, "b") == "1");
  CHECK(reason(store->list("")) == "local.integrity");
}

TEST_CASE("a record under the key before does not come back in the middle of a rotation") {
  Folder folder;
  const Store store = created(folder);
  for (int i = 0; i < 150; ++i) put(store, "s/" + std::to_string(100 + i), "value");
  Raw raw(folder.file("store.db"));
  const std::string row = " FROM item WHERE name='s/100'";
  const std::string meta = raw.blob("SELECT meta" + row);
  const std::string val = raw.blob("SELECT val" + row);
  auto admin = must(local::Admin::open(options(folder)));
  std::stop_source stop;
  CHECK_FALSE(admin.rotate([&](const local::Progress&) { stop.request_stop(); }, {.stop = stop.get_token()}).ok());
  // Both keys are there, and both boxes are authentic.
  CHECK(raw.blob("SELECT count(*) FROM dek WHERE state<3") == "2");
  CHECK(raw.blob("SELECT meta" + row) != meta);
  SECTION("item and value") {
    raw.run_with("UPDATE item SET meta=?, val=? WHERE name='s/100'", {meta, val});
  }
  SECTION("the value alone") {
    raw.run_with("UPDATE item SET val=? WHERE name='s/100'", {val});
  }
  CHECK(get(opened(folder), "s/100") == "local.integrity");
  CHECK(get(store, "s/100") == "local.integrity");
}

// --- what is refused is not touched

namespace {

/// All that a look from outside can tell of a folder: which files, whose, since when, and what is in them.
std::map<std::string, std::string> fingerprint(const Folder& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    struct stat found = {};
    REQUIRE(::lstat(entry.path().c_str(), &found) == 0);
    std::string text;
    for (const auto n : {static_cast<long>(found.st_ino), static_cast<long>(found.st_mode),
                         static_cast<long>(found.st_uid), static_cast<long>(found.st_size), found.st_mtim.tv_sec,
                         found.st_mtim.tv_nsec, found.st_ctim.tv_sec, found.st_ctim.tv_nsec}) {
      text += std::to_string(n) + " ";
    }
    files[entry.path().string()] = text + (S_ISREG(found.st_mode) ? read_all(entry.path().string()) : "");
  }
  return files;
}

/// By each way in, with the same reason and a hint, and the folder is as it was.
void check_untouched(const Folder& folder, const std::string& expected) {
  const auto before = fingerprint(folder);
  const auto opened = local::open(options(folder));
  CHECK(reason(opened) == expected);
  CHECK(has_hint(opened));
  const auto administered = local::Admin::open(options(folder));
  CHECK(reason(administered) == expected);
  auto how = options(folder);
  how.create_if_missing = true;
  CHECK(reason(local::open(std::move(how))) == expected);
  CHECK(reason(local::create(options(folder))) == "local.exists");
  CHECK(fingerprint(folder) == before);
}

void leave_hot_journal(const std::string& path) {
  const int status = in_child([&] {
    SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "PRAGMA cache_size=1; PRAGMA cache_spill=1; CREATE TABLE IF NOT EXISTS t(x); BEGIN;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO t SELECT "
        "randomblob(500) FROM n;");
    ::_exit(0);  // without closing
    return 1;
  });
  REQUIRE(status == 0);
  REQUIRE(fs::file_size(path + "-journal") > 512);
  ::chmod(path.c_str(), 0600);
}

}  // namespace

TEST_CASE("a file that is refused is left alone by every way in") {
  Folder folder;
  const std::string path = folder.file("store.db");
  SECTION("another application's, with a hot journal") {
    leave_hot_journal(path);
    check_untouched(folder, "local.foreign_file");
  }
  SECTION("of a newer format, with a hot journal") {
    created(folder).reset();
    Raw(path).run("PRAGMA user_version=2");
    leave_hot_journal(path);
    check_untouched(folder, "local.newer_format");
  }
  SECTION("of a newer format") {
    created(folder).reset();
    Raw(path).run("PRAGMA user_version=2");
    check_untouched(folder, "local.newer_format");
  }
  SECTION("a folder, an empty file, a text") {
    fs::create_directory(path);
    check_untouched(folder, "local.file_type");
    fs::remove(path);
    write_all(path, "");
    check_untouched(folder, "local.foreign_file");
    write_all(path, "user: admin\n");
    check_untouched(folder, "local.foreign_file");
  }
  SECTION("a store under another key") {
    created(folder).reset();
    created(folder, "other.db").reset();
    fs::copy_file(folder.file("other.db.key"), folder.file("store.db.key"), fs::copy_options::overwrite_existing);
    check_untouched(folder, "local.wrong_key");
  }
}

TEST_CASE("a key file that others could have made or read changes nothing, neither by opening nor by creating") {
  Folder folder;
  const std::string key = folder.file("store.db.key");
  const bool exists = GENERATE(true, false);
  created(folder).reset();
  if (!exists) fs::remove(folder.file("store.db"));
  std::string expected;
  SECTION("a link") {
    fs::rename(key, folder.file("real"));
    fs::create_symlink("real", key);
    expected = "local.key_file_type";
  }
  SECTION("readable by the group") {
    ::chmod(key.c_str(), 0640);
    expected = "local.key_file_mode";
  }
  SECTION("another user's") {
    if (::geteuid() != 0) SKIP("because only root can give a file away");
    REQUIRE(::lchown(key.c_str(), 65534, 65534) == 0);
    expected = "local.key_file_owner";
  }
  SECTION("short") {
    write_all(key, "locket-key-1:AAAA\n");
    expected = "local.key_file_format";
  }
  const auto before = fingerprint(folder);
  const auto store = exists ? local::open(options(folder)) : local::create(options(folder));
  CHECK(reason(store) == expected);
  CHECK(has_hint(store));
  CHECK(fingerprint(folder) == before);
}

// --- locks

TEST_CASE("nothing that is done beside it in one process takes another handle's lock away") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  auto admin = must(local::Admin::open(options(folder)));
  Raw holder(folder.file("store.db"));
  holder.run("BEGIN IMMEDIATE");
  CHECK(get(store, "a") == "1");
  must(store->health());
  opened(folder).reset();
  must(local::Admin::open(options(folder)));
  must(admin.verify());
  must(admin.backup_to(folder.file("backup.db")));
  CHECK(reason(local::create(options(folder))) == "local.exists");
  auto how = options(folder);
  how.key = local::KeyFile{.path = folder.file("store.db")};  // by mistake, the store itself
  CHECK(reason(local::open(std::move(how))) == "local.key_file_format");
  how = options(folder);
  how.anchor = folder.file("store.db");
  CHECK_FALSE(local::open(std::move(how)).ok());
  const int taken = in_child([&] {
    SQLite::Database other(folder.file("store.db"), SQLite::OPEN_READWRITE);
    return other.tryExec("BEGIN IMMEDIATE") == SQLite::OK ? 1 : 0;
  });
  CHECK(taken == 0);
}

namespace {

/// A process of its own, and one byte to say that it is ready.
class Other {
 public:
  template <class Body>
  explicit Other(Body body) {
    REQUIRE(::pipe(ends_) == 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::alarm(60);
      ::_exit(body([&] { static_cast<void>(!::write(ends_[1], "r", 1)); }));
    }
  }
  ~Other() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;
  void wait_until_ready() const {
    char byte = 0;
    REQUIRE(::read(ends_[0], &byte, 1) == 1);
  }
  void kill() const { ::kill(child_, SIGKILL); }
  bool has_ended() {
    if (!ended_) ended_ = ::waitpid(child_, &status_, WNOHANG) == child_;
    return ended_;
  }
  int status() {
    if (!ended_) status_ = locket_test::status_of(child_);
    ended_ = true;
    return status_;
  }

 private:
  int ends_[2] = {};
  ::pid_t child_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace

TEST_CASE("a process that keeps the file locked makes another wait, but not for ever") {
  Folder folder;
  put(created(folder), "a", "1");
  Other holder([&](const auto& ready) {
    Raw raw(folder.file("store.db"));
    raw.run("BEGIN EXCLUSIVE");
    ready();
    for (;;) ::pause();
    return 0;
  });
  holder.wait_until_ready();
  const auto began = std::chrono::steady_clock::now();
  auto how = options(folder);
  how.busy_timeout = std::chrono::milliseconds(50);
  CHECK(reason(local::open(std::move(how))) == "local.busy");
  how = options(folder);
  how.busy_timeout = std::chrono::milliseconds(50);
  CHECK(reason(local::Admin::open(std::move(how))) == "local.busy");
  const auto waited = std::chrono::steady_clock::now() - began;
  CHECK(waited >= std::chrono::milliseconds(100));
  CHECK(waited < std::chrono::seconds(20));
  holder.kill();
  holder.status();
  CHECK(get(opened(folder), "a") == "1");
}

TEST_CASE("one process rekeys while another writes: no acknowledged write is lost") {
  Folder folder;
  created(folder).reset();
  constexpr int rekeys = 8;
  Other rekeying([&](const auto& ready) {
    auto admin = local::Admin::open(options(folder));
    if (!admin) return 1;
    ready();
    for (int i = 0; i < rekeys; ++i) {
      if (!admin->rekey(options(folder).key)) return 2;
    }
    return 0;
  });
  rekeying.wait_until_ready();
  int written = 0;
  while (!rekeying.has_ended()) {
    auto store = local::open(options(folder));
    if (!store) {
      // A rekey may come between the reading of the key file and that of the header.
      CHECK((reason(store) == "local.wrong_key" || reason(store) == "local.key_changed"));
      continue;
    }
    for (int i = 0; i < 20; ++i) {
      const auto put = (*store)->put("n/" + std::to_string(written), SecretData::bytes(std::to_string(written)));
      if (!put) {
        CHECK(reason(put) == "local.key_changed");
        CHECK(put.error().effect() == Effect::None);
        break;
      }
      ++written;
    }
  }
  CHECK(rekeying.status() == 0);
  const Store store = opened(folder);
  for (int i = 0; i < written; ++i) CHECK(get(store, "n/" + std::to_string(i)) == std::to_string(i));
  auto admin = must(local::Admin::open(options(folder)));
  CHECK(must(admin.key_status()).key_epoch == rekeys + 1);
  CHECK(must(admin.verify()).damage.empty());
}

// --- random bytes

TEST_CASE("a fork does not make a nonce come twice, and without random bytes a child stores nothing") {
  Folder folder;
  Store store = created(folder);
  put(store, "a", "0");
  const std::string path = folder.file("store.db");
  const auto nonces = [&](std::vector<std::string>& all) {
    Raw raw(path);
    for (const char* table :
         {"meta, 6, 24) FROM item WHERE name='a'", "val, 6, 24) FROM item WHERE name='a'", "box, 6, 24) FROM state"}) {
      all.push_back(raw.blob(std::string("SELECT substr(") + table));
    }
  };
  std::vector<std::string> all;
  store.reset();
  for (int i = 0; i < 10; ++i) {
    nonces(all);
    const int status = in_child([&] { return opened(folder)->put("a", SecretData::bytes("child")).ok() ? 0 : 1; });
    CHECK(status == 0);
    nonces(all);
    put(opened(folder), "a", "parent");
  }
  std::ranges::sort(all);
  CHECK(std::ranges::adjacent_find(all) == all.end());

  const std::string before = read_all(path);
  const int status = in_child([&] {
    auto random = std::make_shared<CountingRandom>(1);
    auto how = options(folder);
    how.random = random;
    const auto mine = local::open(std::move(how));
    return mine && reason((*mine)->put("a", SecretData::bytes("1"))) == "random.failed" ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(read_all(path) == before);
}

// --- no room

namespace {

/// A disk of its own, as small as this.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    fs::create_directory(path);
    mounted_ = ::geteuid() == 0 && ::mount("locket-test", path.c_str(), "tmpfs", 0, "size=192k,mode=0700") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(path_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a full disk refuses writes by name, keeps what there is, and reads go on") {
  Folder folder;
  const SmallDisk disk(folder.file("disk"));
  if (!disk.mounted()) SKIP("because this user cannot mount a small disk (tests/faults fails each call with ENOSPC)");
  auto how = options(folder, "disk/store.db");
  Store store = must(local::create(std::move(how)));
  put(store, "a", "1");
  const std::string before = read_all(folder.file("disk/store.db"));
  const auto large = store->put("large", SecretData::bytes(std::string(150000, 'x')));
  CHECK(reason(large) == "local.no_space");
  CHECK(large.error().code() == ErrorCode::Unavailable);
  CHECK(large.error().effect() == Effect::None);
  CHECK(has_hint(large));
  CHECK(get(store, "a") == "1");
  CHECK(get(opened(folder, "disk/store.db"), "a") == "1");
  CHECK(read_all(folder.file("disk/store.db")) == before);
  CHECK(contents(folder.path()).size() == 2);
  CHECK(put(store, "b", "2") == "1");

  write_all(folder.file("disk/rest"), std::string(400000, 'x'));
  CHECK(reason(store->put("c", SecretData::bytes("3"))) == "local.no_space");
  CHECK(get(store, "b") == "2");
  const auto other = local::create(options(folder, "disk/other.db"));
  CHECK(reason(other) == "local.no_space");
  CHECK(has_hint(other));
  CHECK(contents(folder.path()).size() == 3);
  auto admin = must(local::Admin::open(options(folder, "disk/store.db")));
  for (const auto& done : {admin.backup_to(folder.file("disk/backup.db")), admin.rotate(),
                           admin.rekey(local::KeyFile{.path = folder.file("disk/store.db.key")}), admin.vacuum()}) {
    CHECK(reason(done) == "local.no_space");
  }
  CHECK(get(opened(folder, "disk/store.db"), "b") == "2");
}
