#include "anchor.hpp"

#include "local_test.hpp"

using namespace local_test;

namespace {

local::Options anchored(const Folder& folder, bool start = false) {
  auto how = options(folder);
  how.anchor = folder.file("anchor");
  how.start_anchor = start;
  return how;
}

}  // namespace

TEST_CASE("an anchor finds the rollback of the whole file") {
  Folder folder;
  Store store = must(local::create(anchored(folder)));
  CHECK(mode_of(folder.file("anchor")) == 0600);
  put(store, "a", "1");
  const std::string old = read_all(folder.file("store.db"));
  put(store, "a", "2");
  store.reset();
  CHECK(get(must(local::open(anchored(folder))), "a") == "2");

  write_all(folder.file("store.db"), old);
  CHECK(get(opened(folder), "a") == "1");  // without the anchor nothing tells
  const auto rolled_back = local::open(anchored(folder));
  CHECK(reason(rolled_back) == "local.rolled_back");
  CHECK(rolled_back.error().code() == ErrorCode::Integrity);
  CHECK(has_hint(rolled_back));
}

TEST_CASE("an anchor finds another history of the same length") {
  Folder folder;
  Store store = must(local::create(anchored(folder)));
  const std::string old = read_all(folder.file("store.db"));
  put(store, "a", "1");
  store.reset();
  write_all(folder.file("store.db"), old);
  put(opened(folder), "a", "other");
  CHECK(reason(local::open(anchored(folder))) == "local.rolled_back");
}

TEST_CASE("a store that is ahead of its anchor is fine: a writer was killed in between") {
  Folder folder;
  must(local::create(anchored(folder))).reset();
  const std::string before = read_all(folder.file("anchor"));
  put(opened(folder), "a", "1");
  const Store store = must(local::open(anchored(folder)));
  CHECK(get(store, "a") == "1");
  put(store, "a", "2");
  CHECK(read_all(folder.file("anchor")) != before);
}

TEST_CASE("a missing, damaged or foreign anchor is an error, and one is begun only when asked for") {
  Folder folder;
  created(folder).reset();
  auto missing = local::open(anchored(folder));
  CHECK(reason(missing) == "local.anchor_missing");
  CHECK(has_hint(missing));
  CHECK_FALSE(fs::exists(folder.file("anchor")));
  CHECK(local::open(anchored(folder, true)).ok());
  CHECK(local::open(anchored(folder)).ok());

  std::string bytes = read_all(folder.file("anchor"));
  CHECK(bytes.size() == 72);
  for (std::size_t at : {std::size_t{0}, std::size_t{30}, std::size_t{71}}) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    write_all(folder.file("anchor"), altered);
    CHECK(reason(local::open(anchored(folder))) == "local.anchor");
  }
  created(folder, "other.db").reset();
  write_all(folder.file("anchor"), bytes);
  auto how = options(folder, "other.db");
  how.anchor = folder.file("anchor");
  CHECK(reason(local::open(std::move(how))) == "local.anchor");
}

TEST_CASE("a write whose anchor could not be advanced says that it was applied") {
  Folder folder;
  const Store store = must(local::create(anchored(folder)));
  fs::create_directory(folder.file("anchor.lock"));
  const auto written = store->put("a", SecretData::bytes("1"));
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().effect() == Effect::Applied);
  CHECK(get(store, "a") == "1");
}

TEST_CASE("rekey and rotate advance the anchor") {
  Folder folder;
  must(local::create(anchored(folder))).reset();
  auto admin = must(local::Admin::open(anchored(folder)));
  const std::string old = read_all(folder.file("store.db"));
  must(admin.rotate());
  must(admin.rekey(local::KeyFile{.path = folder.file("store.db.key")}));
  CHECK(local::open(anchored(folder)).ok());
}

TEST_CASE("a mark is older by number, or another by content") {
  const local::Mark first{.generation = 5, .state = {std::byte{1}}};
  const local::Mark other{.generation = 5, .state = {std::byte{2}}};
  const local::Mark later{.generation = 6, .state = {std::byte{3}}};
  CHECK(check_not_older(first, first, "x").ok());
  CHECK(check_not_older(later, first, "x").ok());
  CHECK_FALSE(check_not_older(other, first, "x").ok());
  CHECK_FALSE(check_not_older(first, later, "x").ok());
}
