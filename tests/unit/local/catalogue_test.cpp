// What SECURITY.md's catalogue says of local stores and the other files here do not show.
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
