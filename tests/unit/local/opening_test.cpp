#include <catch2/generators/catch_generators.hpp>
#include <sys/wait.h>

#include "local_test.hpp"

using namespace local_test;

namespace {

// Refused with this reason and a hint, and nothing in the folder has changed.
void check_refused(const Folder& folder, local::Options how, std::string_view expected, ErrorCode code) {
  const auto before = contents(folder.path());
  const auto store = local::open(std::move(how));
  CHECK(reason(store) == expected);
  CHECK(has_hint(store));
  if (!store) CHECK(store.error().code() == code);
  CHECK(contents(folder.path()) == before);
}

// A SQLite file with a transaction that was not finished, and its journal.
void leave_hot_journal(const std::string& path) {
  const int status = in_child([&] {
    SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA cache_size=1; PRAGMA cache_spill=1; CREATE TABLE IF NOT EXISTS t(x);");
    database.exec(
        "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) "
        "INSERT INTO t SELECT randomblob(500) FROM n;");
    ::_exit(7);  // without closing
    return 1;
  });
  REQUIRE(WEXITSTATUS(status) == 7);
  REQUIRE(fs::exists(path + "-journal"));
  ::chmod(path.c_str(), 0600);
}

}  // namespace

TEST_CASE("a store that is not there is an error and is not made") {
  Folder folder;
  check_refused(folder, options(folder), "local.no_store", ErrorCode::Unavailable);
  auto how = options(folder);
  how.path = folder.file("no/such/folder.db");
  check_refused(folder, std::move(how), "local.no_store", ErrorCode::Unavailable);
}

TEST_CASE("create_if_missing makes a store once") {
  Folder folder;
  auto how = options(folder);
  how.create_if_missing = true;
  put(must(local::open(std::move(how))), "a", "1");
  how = options(folder);
  how.create_if_missing = true;
  CHECK(get(must(local::open(std::move(how))), "a") == "1");
}

TEST_CASE("create refuses whatever is there, and leaves it alone") {
  Folder folder;
  write_all(folder.file("store.db"), "mine");
  const auto before = contents(folder.path());
  const auto store = local::create(options(folder));
  CHECK(reason(store) == "local.exists");
  CHECK(store.error().code() == ErrorCode::Conflict);
  CHECK(has_hint(store));
  CHECK(contents(folder.path()) == before);
}

TEST_CASE("a new store is this user's alone, whatever the umask") {
  for (const ::mode_t mask : {0U, 0077U, 0777U}) {
    Folder folder;
    const ::mode_t before = ::umask(mask);
    const Store store = created(folder);
    const auto version = store->put("a", SecretData::bytes("1"));
    ::umask(before);
    CHECK(version.ok());
    CHECK(mode_of(folder.file("store.db")) == 0600);
    CHECK(mode_of(folder.file("store.db.key")) == 0600);
    CHECK(contents(folder.path()).size() == 2);
  }
}

TEST_CASE("missing folders are made for this user alone") {
  Folder folder;
  auto how = options(folder);
  how.path = folder.file("data/locket/store.db");
  how.key = local::KeyFile{.path = folder.file("config/locket/key")};
  CHECK(local::create(std::move(how)).ok());
  CHECK(mode_of(folder.file("data/locket")) == 0700);
  CHECK(mode_of(folder.file("config")) == 0700);
}

TEST_CASE("the journal is this user's alone") {
  Folder folder;
  const ::mode_t before = ::umask(0);
  const Store store = created(folder);
  {
    Raw raw(folder.file("store.db"));
    raw.run("PRAGMA cache_size=1; BEGIN IMMEDIATE; UPDATE state SET box=zeroblob(100000)");
    CHECK(mode_of(folder.file("store.db-journal")) == 0600);
  }
  ::umask(before);
}

TEST_CASE("what is no store is refused and stays as it is") {
  Folder folder;
  const std::string path = folder.file("store.db");
  write_all(folder.file("store.db.key"), "locket-key-1:not yet\n");

  SECTION("a folder") {
    fs::create_directory(path);
    check_refused(folder, options(folder), "local.file_type", ErrorCode::InvalidArgument);
  }
  SECTION("a link") {
    write_all(folder.file("other"), "x");
    fs::create_symlink(folder.file("other"), path);
    check_refused(folder, options(folder), "local.file_type", ErrorCode::InvalidArgument);
  }
  SECTION("an empty file") {
    write_all(path, "");
    check_refused(folder, options(folder), "local.foreign_file", ErrorCode::InvalidArgument);
  }
  SECTION("a text file") {
    write_all(path, "username: admin\npassword: hunter2\n");
    check_refused(folder, options(folder), "local.foreign_file", ErrorCode::InvalidArgument);
  }
  SECTION("another application's SQLite file") {
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t(x)");
    ::chmod(path.c_str(), 0600);
    check_refused(folder, options(folder), "local.foreign_file", ErrorCode::InvalidArgument);
  }
  SECTION("another application's SQLite file with a hot journal") {
    leave_hot_journal(path);
    check_refused(folder, options(folder), "local.foreign_file", ErrorCode::InvalidArgument);
  }
  SECTION("another application's SQLite file that writes ahead") {
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("PRAGMA journal_mode=WAL; CREATE TABLE t(x)");
    ::chmod(path.c_str(), 0600);
    check_refused(folder, options(folder), "local.foreign_file", ErrorCode::InvalidArgument);
  }
}

TEST_CASE("a store of a newer format is refused without touching it") {
  Folder folder;
  created(folder).reset();
  SECTION("at rest") {
    Raw(folder.file("store.db")).run("PRAGMA user_version=2");
  }
  SECTION("with a hot journal") {
    Raw(folder.file("store.db")).run("PRAGMA user_version=2");
    leave_hot_journal(folder.file("store.db"));
  }
  check_refused(folder, options(folder), "local.newer_format", ErrorCode::NotSupported);
}

TEST_CASE("a store that was switched to write-ahead logging is refused without touching it") {
  Folder folder;
  created(folder).reset();
  Raw(folder.file("store.db")).run("PRAGMA journal_mode=WAL");
  check_refused(folder, options(folder), "local.wal", ErrorCode::NotSupported);
}

TEST_CASE("a path with characters that mean something in a URI is a path") {
  Folder folder;
  const Store store = created(folder, "a b?immutable=0#%41.db");
  put(store, "a", "1");
  CHECK(get(opened(folder, "a b?immutable=0#%41.db"), "a") == "1");
}

TEST_CASE("a store that others may use is refused") {
  Folder folder;
  created(folder).reset();
  for (const ::mode_t mode : {0640U, 0604U, 0660U, 0666U}) {
    ::chmod(folder.file("store.db").c_str(), mode);
    check_refused(folder, options(folder), "local.file_mode", ErrorCode::PermissionDenied);
  }
}

TEST_CASE("a store of another user's is refused") {
  if (::geteuid() != 0) SKIP("because only root can give a file away");
  Folder folder;
  created(folder).reset();
  REQUIRE(::chown(folder.file("store.db").c_str(), 65534, 65534) == 0);
  check_refused(folder, options(folder), "local.file_owner", ErrorCode::PermissionDenied);
}

TEST_CASE("a read-only file or folder is read, and writing to it says so") {
  Folder folder;
  put(created(folder), "a", "1");
  const bool whole_folder = GENERATE(false, true);
  ::chmod(whole_folder ? folder.path().c_str() : folder.file("store.db").c_str(), whole_folder ? 0500 : 0400);
  const auto before = contents(folder.path());
  const int status = unprivileged(folder, [&] {
    const auto store = local::open(options(folder));
    if (!store || get(*store, "a") != "1") return 1;
    const auto written = (*store)->put("a", SecretData::bytes("2"));
    if (written || written.error().code() != ErrorCode::PermissionDenied || written.error().hint().empty()) return 2;
    if (written.error().effect() != Effect::None) return 3;
    return get(*store, "a") == "1" ? 0 : 4;
  });
  CHECK(status == 0);
  CHECK(contents(folder.path()) == before);
}

TEST_CASE("a store cannot be created where nothing may be written") {
  Folder folder;
  ::chmod(folder.path().c_str(), 0500);
  const int status = unprivileged(folder, [&] {
    const auto store = local::create(options(folder));
    return !store && store.error().code() == ErrorCode::PermissionDenied && has_hint(store) ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(contents(folder.path()).empty());
}

TEST_CASE("hostile tables are refused") {
  Folder folder;
  put(created(folder), "a", "1");
  const std::string hostile = GENERATE(
      "CREATE TRIGGER t AFTER UPDATE ON state BEGIN DELETE FROM item; END", "CREATE TABLE more(x)",
      "CREATE VIEW v AS SELECT 1", "CREATE INDEX i ON old(ver)", "DROP INDEX item_bucket",
      "DROP TABLE old; CREATE VIEW old AS SELECT name, 1 AS ver, val FROM item",
      "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql=replace(sql, ' STRICT', '  STRICT') WHERE name='dek'");
  const Store before = opened(folder);
  CHECK(get(before, "a") == "1");
  Raw(folder.file("store.db")).run(hostile);
  check_refused(folder, options(folder), "local.schema", ErrorCode::Integrity);
  const std::string seen = get(before, "a");
  CHECK((seen == "local.schema" || seen == "local.damaged_file"));
  CHECK_FALSE(before->put("a", SecretData::bytes("2")).ok());
}

TEST_CASE("options out of range are refused") {
  Folder folder;
  const auto with = [&](auto change) {
    auto how = options(folder);
    change(how);
    return local::open(std::move(how));
  };
  CHECK(reason(with([](auto& o) { o.path = ""; })) == "local.option");
  CHECK(reason(with([](auto& o) { o.history = 0; })) == "local.option");
  CHECK(reason(with([](auto& o) { o.history = 1001; })) == "local.option");
  CHECK(reason(with([](auto& o) { o.max_kdf_memory = 18; })) == "local.option");
  CHECK(reason(with([](auto& o) { o.busy_timeout = std::chrono::milliseconds(-1); })) == "local.option");
  CHECK(reason(with([](auto& o) { o.key = local::KeyFile{}; })) == "local.option");
  CHECK(reason(with([](auto& o) { o.key = local::ProvidedKey{}; })) == "local.option");
}
