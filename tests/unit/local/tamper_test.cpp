#include <catch2/generators/catch_generators.hpp>

#include "local_test.hpp"

using namespace local_test;

namespace {

struct Row {
  std::string bucket, meta, val;
};

std::string quoted(std::string_view name) {
  return "'" + std::string(name) + "'";
}

Row row_of(Raw& raw, std::string_view name) {
  const std::string where = " FROM item WHERE name=" + quoted(name);
  return {raw.blob("SELECT bucket" + where), raw.blob("SELECT meta" + where), raw.blob("SELECT val" + where)};
}

void insert(Raw& raw, std::string_view name, const Row& row) {
  raw.run_with(
      "INSERT OR REPLACE INTO item(name, bucket, meta, val) VALUES(" + quoted(name) + ", " + row.bucket + ", ?, ?)",
      {row.meta, row.val});
}

// What a fresh store and one that was open say; they must agree.
std::string seen(const Folder& folder, const Store& open_one, std::string_view name, const GetOptions& which = {}) {
  const std::string before = get(open_one, name, which);
  const std::string fresh = get(opened(folder), name, which);
  CHECK(before == fresh);
  return fresh;
}

constexpr const char* tampered = "local.integrity";

}  // namespace

TEST_CASE("what is replayed, lost or doubled is found at the first read of its bucket") {
  Folder folder;
  const Store store = created(folder);
  Raw raw(folder.file("store.db"));
  put(store, "a", "old");
  put(store, "b", "other");
  const Row before = row_of(raw, "a");

  SECTION("an old item") {
    put(store, "a", "new");
    const Row now = row_of(raw, "a");
    insert(raw, "a", {now.bucket, before.meta, now.val});
    CHECK(seen(folder, store, "a") == tampered);
  }
  SECTION("an old item with its value") {
    put(store, "a", "new");
    raw.run("DELETE FROM old");
    insert(raw, "a", before);
    CHECK(seen(folder, store, "a") == tampered);
    CHECK_FALSE(store->put("a", SecretData::bytes("x")).ok());
    CHECK_FALSE(store->remove("a").ok());
  }
  SECTION("an old value alone") {
    put(store, "a", "new");
    raw.run_with("UPDATE item SET val=? WHERE name='a'", {before.val});
    CHECK(seen(folder, store, "a") == tampered);
    return;  // a list reads no values
  }
  SECTION("a deletion taken back") {
    must(store->remove("a"));
    insert(raw, "a", before);
    CHECK(seen(folder, store, "a") == tampered);
  }
  SECTION("a purge taken back") {
    must(store->purge("a"));
    insert(raw, "a", before);
    CHECK(seen(folder, store, "a") == tampered);
  }
  SECTION("a purge taken back twice: nothing cancels itself out") {
    must(store->purge("a"));
    insert(raw, "a", before);
    CHECK_FALSE(store->purge("a").ok());
    CHECK(seen(folder, store, "a") == tampered);
  }
  SECTION("a lost row") {
    raw.run("DELETE FROM item WHERE name='a'");
    CHECK(seen(folder, store, "a") == tampered);
    CHECK_FALSE(store->put("a", SecretData::bytes("x"), {.condition = MustNotExist{}}).ok());
  }
  SECTION("a lost value of an old version") {
    put(store, "a", "new");
    raw.run("DELETE FROM old");
    CHECK(seen(folder, store, "a", at("1")) == tampered);
    CHECK(seen(folder, store, "a") == "new");
    return;
  }
  SECTION("an old expiry") {
    must(store->annotate("a", {.expires = std::chrono::system_clock::now() - std::chrono::hours(1)}));
    CHECK(get(store, "a") == "secret.expired");
    insert(raw, "a", before);
    CHECK(seen(folder, store, "a") == tampered);
  }
  SECTION("a flipped bucket") {
    raw.run("UPDATE item SET bucket=(bucket+1)%256 WHERE name='a'");
    CHECK(seen(folder, store, "a") == tampered);
  }
  SECTION("a bucket that is none") {
    raw.run("UPDATE item SET bucket=1000 WHERE name='a'");
    CHECK(seen(folder, store, "a") == tampered);
  }
  CHECK_FALSE(store->list("").ok());
}

// SQLite finds a bucket's rows by one search and a secret by another. On a page whose cells are not in order the first
// finds "b" and the second somebody else's row.
TEST_CASE("a search that a damaged page misleads gives out nothing") {
  Folder folder;
  Store store = created(folder);
  for (const char* name : {"a", "b", "c"}) put(store, name, "1");
  store.reset();
  const std::size_t page = 4096 * (std::stoul(Raw(folder.file("store.db"))
                                                  .blob("SELECT rootpage FROM sqlite_schema "
                                                        "WHERE name='item'")) -
                                   1);
  std::string file = read_all(folder.file("store.db"));
  REQUIRE(file[page] == 0x0A);  // a leaf
  REQUIRE(file[page + 4] == 3);
  // The first of the three cells is the third, too. (SQLite's file format, 1.6: cell pointers follow the 8 bytes'
  // head.)
  file.replace(page + 8, 2, file.substr(page + 12, 2));
  write_all(folder.file("store.db"), file);
  CHECK(get(opened(folder), "b") == tampered);
  CHECK(reason(opened(folder)->get_many({{{.name = must(Name::parse("b"))}}}).front()) == tampered);
  CHECK(reason(opened(folder)->put("b", SecretData::bytes("x"))) == tampered);
  CHECK(reason(opened(folder)->list("")) == tampered);
}

TEST_CASE("a list that lost a row, or got one, is an error") {
  Folder folder;
  const Store store = created(folder);
  Raw raw(folder.file("store.db"));
  put(store, "a", "1");
  put(store, "b", "1");
  const Row before = row_of(raw, "a");
  must(store->purge("a"));
  CHECK(must(store->list("")).items.size() == 1);
  insert(raw, "a", before);
  CHECK(reason(store->list("")) == tampered);
  raw.run("DELETE FROM item");
  CHECK(reason(store->list("")) == tampered);
}

TEST_CASE("an old state is found by who has seen a newer one") {
  Folder folder;
  const Store store = created(folder);
  Raw raw(folder.file("store.db"));
  put(store, "a", "1");
  const Row row = row_of(raw, "a");
  const std::string state = raw.blob("SELECT box FROM state");
  put(store, "a", "2");
  CHECK(get(store, "a") == "2");
  raw.run_with("UPDATE state SET box=?", {state});
  CHECK(get(store, "a") == "local.rolled_back");
  // The state alone does not fit the rows, whoever reads.
  CHECK(get(opened(folder), "a") == tampered);
  raw.run("DELETE FROM old");
  insert(raw, "a", row);
  // Everything old at once: that only an anchor tells, or who was there.
  CHECK(get(opened(folder), "a") == "1");
  CHECK(get(store, "a") == "local.rolled_back");
  CHECK(reason(store->put("a", SecretData::bytes("3"))) == "local.rolled_back");
}

TEST_CASE("another state with the same number is found") {
  Folder folder;
  const Store store = created(folder);
  const std::string path = folder.file("store.db");
  const std::string before = read_all(path);
  put(store, "a", "1");
  CHECK(get(store, "a") == "1");
  const std::string copy = folder.file("copy.db");
  write_all(copy, before);
  auto how = options(folder);
  how.path = copy;
  put(must(local::open(std::move(how))), "b", "2");
  Raw raw(path);
  raw.run_with("UPDATE state SET box=?", {Raw(copy).blob("SELECT box FROM state")});
  CHECK(get(store, "a") == "local.rolled_back");
}

TEST_CASE("boxes open in their own place only") {
  Folder folder;
  const Store store = created(folder);
  Raw raw(folder.file("store.db"));
  put(store, "a", "a1");
  put(store, "a", "a2");
  put(store, "b", "b1");
  put(store, "b", "b2");

  SECTION("names swapped") {
    const Row a = row_of(raw, "a");
    const Row b = row_of(raw, "b");
    insert(raw, "a", {a.bucket, b.meta, b.val});
    insert(raw, "b", {b.bucket, a.meta, a.val});
  }
  SECTION("values swapped") {
    const Row a = row_of(raw, "a");
    const Row b = row_of(raw, "b");
    insert(raw, "a", {a.bucket, a.meta, b.val});
    insert(raw, "b", {b.bucket, b.meta, a.val});
  }
  SECTION("columns swapped") {
    raw.run("UPDATE item SET meta=val, val=meta");
  }
  SECTION("versions swapped") {
    const std::string old = raw.blob("SELECT val FROM old WHERE name='a'");
    const std::string now = raw.blob("SELECT val FROM item WHERE name='a'");
    raw.run_with("UPDATE old SET val=? WHERE name='a'", {now});
    raw.run_with("UPDATE item SET val=? WHERE name='a'", {old});
    CHECK(seen(folder, store, "a", at("1")) == tampered);
    CHECK(seen(folder, store, "b") == "b2");
    CHECK(seen(folder, store, "a") == tampered);
    return;
  }
  SECTION("from another store with the same key") {
    fs::copy_file(folder.file("store.db.key"), folder.file("other.db.key"));
    const Store other = created(folder, "other.db");
    put(other, "a", "x1");
    put(other, "a", "x2");
    put(other, "b", "x");
    Raw from(folder.file("other.db"));
    insert(raw, "a", row_of(from, "a"));
    insert(raw, "b", row_of(from, "b"));
  }
  CHECK(seen(folder, store, "a") == tampered);
  CHECK(seen(folder, store, "b") == tampered);
}

TEST_CASE("another store's state and keys are refused") {
  Folder folder;
  created(folder).reset();
  fs::copy_file(folder.file("store.db.key"), folder.file("other.db.key"));
  created(folder, "other.db").reset();
  Raw raw(folder.file("store.db"));
  Raw other(folder.file("other.db"));
  SECTION("state") {
    raw.run_with("UPDATE state SET box=?", {other.blob("SELECT box FROM state")});
  }
  SECTION("data key") {
    raw.run_with("UPDATE dek SET box=?", {other.blob("SELECT box FROM dek")});
  }
  SECTION("data key's number") {
    raw.run("UPDATE dek SET id=2");
  }
  SECTION("data key's state") {
    raw.run("UPDATE dek SET state=2");
  }
  SECTION("no data key") {
    raw.run("DELETE FROM dek");
  }
  SECTION("no state") {
    raw.run("DELETE FROM state");
  }
  const auto store = local::open(options(folder));
  CHECK(reason(store) == tampered);
  CHECK(has_hint(store));
}

TEST_CASE("each bit of a record counts") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  Raw raw(folder.file("store.db"));
  const std::string column = GENERATE(std::string("meta"), std::string("val"));
  const std::string box = raw.blob("SELECT " + column + " FROM item");
  for (std::size_t byte = 0; byte < box.size(); ++byte) {
    std::string altered = box;
    altered[byte] = static_cast<char>(altered[byte] ^ (1 << byte % 8));
    raw.run_with("UPDATE item SET " + column + "=?", {altered});
    REQUIRE(get(store, "a") == tampered);
  }
  raw.run_with("UPDATE item SET " + column + "=?", {box.substr(0, box.size() - 1)});
  CHECK(get(store, "a") == tampered);
  raw.run("UPDATE item SET " + column + "=x''");
  CHECK(get(store, "a") == tampered);
  raw.run_with("UPDATE item SET " + column + "=?", {box});
  CHECK(get(store, "a") == "1");
}

TEST_CASE("errors of tampering name the place, never the value") {
  Folder folder;
  const Store store = created(folder);
  put(store, "db/password", "canary-value");
  Raw(folder.file("store.db")).run("UPDATE item SET val=cast(substr(val, 1, length(val)-1)||x'00' AS BLOB)");
  const auto secret = store->get("db/password");
  REQUIRE_FALSE(secret.ok());
  CHECK(secret.error().code() == ErrorCode::Integrity);
  CHECK(secret.error().to_string().find("db/password") != std::string::npos);
  CHECK(secret.error().to_string().find("canary") == std::string::npos);
  CHECK(has_hint(secret));
}

TEST_CASE("values and metadata are not in the file") {
  Folder folder;
  const Store store = created(folder);
  must(store->put("a", SecretData::bytes("canary-value"), {.metadata = MetadataPatch{.description = "canary-text"}}));
  put(store, "a", "canary-second");
  CHECK(read_all(folder.file("store.db")).find("canary") == std::string::npos);
}
