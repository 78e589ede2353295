#include "schema.hpp"

#include <array>
#include <string_view>

#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

struct Object {
  std::string_view type, name, table;
  const char* sql;
};

constexpr Object table(std::string_view name, const char* sql) {
  return {.type = "table", .name = name, .table = name, .sql = sql};
}

// In the order of their names. The text is what SQLite keeps, to the byte.
constexpr std::array objects{
    table("dek", "CREATE TABLE dek(id INTEGER PRIMARY KEY NOT NULL, state INTEGER NOT NULL, box BLOB NOT NULL) STRICT"),
    table("header",
          "CREATE TABLE header(id INTEGER PRIMARY KEY NOT NULL CHECK(id=1), body BLOB NOT NULL, sum BLOB NOT NULL, "
          "mac BLOB NOT NULL) STRICT"),
    table("item",
          "CREATE TABLE item(name TEXT PRIMARY KEY NOT NULL, bucket INTEGER NOT NULL, meta BLOB NOT NULL, "
          "val BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    Object{.type = "index", .name = "item_bucket", .table = "item", .sql = "CREATE INDEX item_bucket ON item(bucket)"},
    table("old",
          "CREATE TABLE old(name TEXT NOT NULL, ver INTEGER NOT NULL, val BLOB NOT NULL, "
          "PRIMARY KEY(name, ver)) STRICT, WITHOUT ROWID"),
    table("state", "CREATE TABLE state(id INTEGER PRIMARY KEY NOT NULL CHECK(id=1), box BLOB NOT NULL) STRICT"),
};

}  // namespace

const char* const schema_query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";

Result<void> create_schema(Database& database) {
  if (auto done = database.execute("PRAGMA application_id=0x4C4B5431; PRAGMA user_version=1"); !done) return done;
  // An index comes after its table in the list, too.
  for (const Object& object : objects) {
    if (auto done = database.execute(object.sql); !done) return done;
  }
  return {};
}

Result<void> check_schema(Database& database, Statement& statement) {
  const std::uint32_t version = database.data_version();
  if (database.proven_schema() == version) return {};
  Query query(database, statement);
  for (const Object& object : objects) {
    auto row = query.step();
    if (!row) return std::move(row).error();
    if (!*row || query.text(0) != object.type || query.text(1) != object.name || query.text(2) != object.table ||
        query.text(3) != object.sql) {
      return schema_error();
    }
  }
  auto more = query.step();
  if (!more) return std::move(more).error();
  if (*more) return schema_error();
  database.set_proven_schema(version);
  return {};
}

}  // namespace locket::inline v1::local
