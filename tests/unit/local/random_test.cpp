#include <set>

#include <catch2/generators/catch_generators.hpp>

#include "local_test.hpp"

using namespace local_test;

namespace {

/// Fails at the nth call only once told so, and never gives the same bytes twice.
struct Subject {
  Folder folder;
  std::shared_ptr<CountingRandom> random = std::make_shared<CountingRandom>();

  local::Options how() {
    auto how = options(folder);
    how.random = random;
    return how;
  }
};

}  // namespace

TEST_CASE("without random bytes no store is created, and nothing is left") {
  for (int call = 1;; ++call) {
    Subject subject;
    subject.random->fail_at(call);
    const auto store = local::create(subject.how());
    if (store) {
      CHECK(call > 6);  // store id, root key, data key, its nonce, set key, the state's nonce, names
      break;
    }
    CHECK(reason(store) == "random.failed");
    for (const auto& [path, text] : contents(subject.folder.path())) CHECK(path.ends_with(".key"));
    CHECK_FALSE(fs::exists(subject.folder.file("store.db")));
  }
}

TEST_CASE("without random bytes nothing is written") {
  Subject subject;
  const Store store = must(local::create(subject.how()));
  put(store, "a", "1");
  const auto operations = std::vector<std::function<bool()>>{
      [&] { return store->put("a", SecretData::bytes("2")).ok(); },
      [&] { return store->put("new", SecretData::bytes("2")).ok(); },
      [&] { return store->rollback("a", Version("1")).ok(); },
      [&] { return store->annotate("a", {.status = "x"}).ok(); },
      [&] { return store->remove("a").ok(); },
      [&] { return store->undelete("a").ok(); },
      [&] { return store->purge("a").ok(); },
  };
  for (const auto& operation : operations) {
    for (int call = 1;; ++call) {
      const std::string before = read_all(subject.folder.file("store.db"));
      subject.random->fail_at(call);
      const bool done = operation();
      subject.random->fail_at(0);
      if (done) {
        CHECK(call > 1);
        break;
      }
      REQUIRE(read_all(subject.folder.file("store.db")) == before);
    }
  }
}

TEST_CASE("without random bytes a rekey or rotation stops, and either key state is whole") {
  const bool rekey = GENERATE(true, false);
  for (int call = 1;; ++call) {
    Subject subject;
    put(must(local::create(subject.how())), "a", "1");
    auto admin = must(local::Admin::open(subject.how()));
    subject.random->fail_at(call);
    const auto done = rekey ? admin.rekey(local::KeyFile{.path = subject.folder.file("store.db.key")}) : admin.rotate();
    subject.random->fail_at(0);
    CHECK(get(opened(subject.folder), "a") == "1");
    if (done) break;
    CHECK(reason(done) == "random.failed");
    must(admin.rotate());
    CHECK(must(admin.verify()).damage.empty());
  }
}

TEST_CASE("no nonce comes twice") {
  Folder folder;
  const Store store = created(folder);
  std::set<std::string> nonces;
  Raw raw(folder.file("store.db"));
  int boxes = 0;
  for (int i = 0; i < 50; ++i) {
    put(store, "a", "same");
    for (const char* box : {"meta FROM item", "val FROM item", "box FROM state"}) {
      nonces.insert(
          raw.blob(std::string("SELECT substr(") + std::string(box).insert(std::string(box).find(' '), ", 6, 24)")));
      ++boxes;
    }
  }
  CHECK(nonces.size() == static_cast<std::size_t>(boxes));
}
