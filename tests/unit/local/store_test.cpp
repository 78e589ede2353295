// What the conformance suite does not know: limits, and what stands in the file.
#include "local_test.hpp"

using namespace local_test;

TEST_CASE("the history is limited, ten versions by default") {
  Folder folder;
  const Store store = created(folder);
  for (int i = 1; i <= 12; ++i) CHECK(put(store, "a", "value " + std::to_string(i)) == std::to_string(i));
  CHECK(store->capabilities().max_versions == 10);
  CHECK(must(store->versions("a")).items.size() == 10);
  CHECK(get(store, "a", at("2")) == "version.not_found");
  CHECK(get(store, "a", at("3")) == "value 3");
  CHECK(Raw(folder.file("store.db")).blob("SELECT count(*) FROM old") == "9");

  auto how = options(folder);
  how.history = 3;
  const Store smaller = must(local::open(std::move(how)));
  CHECK(must(smaller->versions("a")).items.size() == 10);
  put(smaller, "a", "value 13");
  CHECK(must(smaller->versions("a")).items.size() == 3);
}

TEST_CASE("metadata come back as they were, to the millisecond") {
  Folder folder;
  const Store store = created(folder);
  const auto when = Clock::Wall(std::chrono::milliseconds(4102444800123));
  const MetadataPatch patch{.description = "d\xc3\xa9",
                            .type = "basic_auth",
                            .provider = "p",
                            .status = "s",
                            .tags = {{"k", "v"}, {"empty", ""}},
                            .expires = when,
                            .rotation_period = std::chrono::seconds(90),
                            .last_rotated = when,
                            .reminder_days = 0U};
  must(store->put("a", SecretData::bytes("1"), {.metadata = patch}));
  const Metadata read = must(opened(folder)->get("a")).metadata();
  CHECK(read == apply(Metadata{.created = read.created, .updated = read.updated}, patch));
  CHECK(read.created.has_value());
}

TEST_CASE("an expiry at the very beginning of time is one") {
  Folder folder;
  const Store store = created(folder);
  must(store->put("a", SecretData::bytes("1"), {.metadata = MetadataPatch{.expires = Clock::Wall()}}));
  CHECK(get(store, "a") == "secret.expired");
}

TEST_CASE("the largest value fits, and one byte more does not") {
  Folder folder;
  const Store store = created(folder);
  const std::string most(store->capabilities().max_value, 'x');
  CHECK(put(store, "a", most) == "1");
  CHECK(put(store, "a", most) == "2");
  CHECK(get(opened(folder), "a") == most);
  CHECK(get(opened(folder), "a", at("1")) == most);
  CHECK(store->put("a", SecretData::bytes(most + "x")).error().code() == ErrorCode::LimitExceeded);
}

TEST_CASE("the longest name works") {
  Folder folder;
  const Store store = created(folder);
  const std::string name(512, 'n');
  put(store, name, "1");
  CHECK(get(opened(folder), name) == "1");
}

TEST_CASE("stat and list tell the fields without reading the value") {
  Folder folder;
  const Store store = created(folder);
  std::vector<Field> fields;
  fields.push_back({.name = "user", .value = SecretValue("u")});
  fields.push_back({.name = "password", .value = SecretValue("p")});
  must(store->put("db", must(SecretData::fields(fields))));
  Raw(folder.file("store.db")).run("UPDATE item SET val=x''");
  const std::vector<std::string> names{"user", "password"};
  CHECK(must(store->stat("db")).fields == names);
  CHECK(must(store->list("", {.metadata = true})).items.at(0).fields == names);
  CHECK(get(store, "db") == "local.integrity");
}

TEST_CASE("a purge leaves nothing of a secret in the tables") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  put(store, "a", "2");
  must(store->purge("a"));
  Raw raw(folder.file("store.db"));
  CHECK(raw.blob("SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM old)") == "0");
  CHECK(put(store, "a", "3") == "1");
}

TEST_CASE("a rollback is repeated by its key also when the history dropped what it went back to") {
  Folder folder;
  auto how = options(folder);
  how.history = 1;
  const Store store = must(local::create(std::move(how)));
  put(store, "a", "1");
  const PutOptions once{.idempotency_key = "k"};
  CHECK(must(store->rollback("a", Version("1"), once)).text() == "2");
  CHECK(must(store->rollback("a", Version("1"), once)).text() == "2");
  CHECK(store->rollback("a", Version("1"), {.idempotency_key = "other"}).error().code() == ErrorCode::NotFound);
}

TEST_CASE("nothing changed means nothing written") {
  Folder folder;
  const Store store = created(folder);
  must(store->put("a", SecretData::bytes("1"), {.metadata = MetadataPatch{.status = "s"}, .idempotency_key = "k"}));
  const std::string before = read_all(folder.file("store.db"));
  must(store->annotate("a", {.status = "s"}));
  must(store->undelete("a"));
  must(store->put("a", SecretData::bytes("1"), {.idempotency_key = "k"}));
  CHECK_FALSE(store->put("a", SecretData::bytes("2"), {.idempotency_key = "k"}).ok());
  CHECK_FALSE(store->put("a", SecretData::bytes("2"), {.condition = MustNotExist{}}).ok());
  CHECK(read_all(folder.file("store.db")) == before);
}

TEST_CASE("a moved file is noticed by health and by writes") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  CHECK(must(store->health()).ready);
  fs::rename(folder.file("store.db"), folder.file("moved.db"));
  CHECK(must(store->health()).state == "missing");
  const auto written = store->put("a", SecretData::bytes("2"));
  CHECK(reason(written) == "local.file_moved");
  CHECK(has_hint(written));
  CHECK(get(store, "a") == "1");
}

TEST_CASE("the store describes itself by its place") {
  Folder folder;
  CHECK(created(folder)->describe() == "local (" + fs::canonical(folder.path()).string() + "/store.db)");
}
