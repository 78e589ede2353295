#include <algorithm>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "folders.hpp"

using namespace folders;
using locket::ErrorCode;

namespace {

const std::vector<std::string> tree{"A",   "a!/x", "a-b",  "a-b-/c", "a.b", "a/b",   "a/b.c", "a/bc/d",
                                    "a/c", "a0",   "a:/y", "aa",     "b/c", "b/c-d", "b0/c",  "z"};

Folder& fill(Folder& folder) {
  for (const std::string& name : tree) folder.write(name, name);
  folder.make("empty/inner");
  folder.make("aaa");
  return folder;
}

std::vector<std::string> in_bytes(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("dir: lists all files below a folder in byte order, whatever the page") {
  Folder folder;
  const auto store = open(fill(folder));
  const auto expected = in_bytes(tree);
  for (const std::size_t limit : {0U, 1U, 2U, 3U, 5U, 7U, 16U, 1000U}) {
    CAPTURE(limit);
    CHECK(names(*store, "", limit) == expected);
    CHECK(names(*store, "a/", limit) == std::vector<std::string>{"a/b", "a/b.c", "a/bc/d", "a/c"});
  }
  CHECK(names(*store, "a") == names(*store, "a/"));
  CHECK(names(*store, "a/b").empty());
  CHECK(names(*store, "none/at/all").empty());
  CHECK(names(*store, "empty/").empty());
}

TEST_CASE("dir: the last page says so, and a page of another listing is refused") {
  Folder folder;
  const auto store = open(fill(folder));
  const auto all = store->list("", {.limit = tree.size()});
  CHECK(all->items.size() == tree.size());
  CHECK(all->next.empty());
  const auto first = store->list("a/", {.limit = 1});
  REQUIRE(!first->next.empty());
  CHECK(store->list("b/", {.limit = 1, .page = first->next}).error().code() == ErrorCode::InvalidArgument);
}

TEST_CASE("dir: lists names only, and metadata on request") {
  Folder folder;
  folder.write("a", "x");
  const auto store = open(folder);
  CHECK(!store->list("")->items.at(0).metadata);
  const auto with = store->list("", {.metadata = true});
  CHECK(with->items.at(0).metadata->updated == store->stat("a")->metadata->updated);
  CHECK(!with->items.at(0).current);
}

TEST_CASE("dir: reports once what has no locket name") {
  Folder folder;
  folder.write("a b", "x");
  folder.write("db/p\xc3\xa4ss", "x");
  folder.write("db/new\nline", "x");
  folder.write("db/ok", "x");
  folder.write("no name/inside", "x");
  folder.write("z", "x");
  const std::string part(200, 'n');
  folder.write(part + "/" + part + "/" + part, "600 bytes");
  const auto store = open(folder);
  for (const std::size_t limit : {0U, 1U}) {
    std::multiset<std::string> reported;
    std::vector<std::string> listed;
    locket::ListOptions options{.limit = limit};
    do {
      const auto page = store->list("", options);
      REQUIRE(page.ok());
      reported.insert(page->unaddressable.begin(), page->unaddressable.end());
      for (const auto& info : page->items) listed.push_back(info.name.text());
      options.page = page->next;
    } while (!options.page.empty());
    CHECK(listed == std::vector<std::string>{"db/ok", "z"});
    std::string too_long = part;
    too_long.append("/").append(part).append("/").append(part);
    CHECK(reported == std::multiset<std::string>{"a b", "db/new\\x0Aline", "db/p\\xC3\\xA4ss", "no name/", too_long});
  }
}

TEST_CASE("dir: what stays through a listing appears exactly once, whatever comes and goes") {
  Folder folder;
  const auto store = open(fill(folder));
  std::vector<std::string> seen;
  locket::ListOptions options{.limit = 2};
  int page_number = 0;
  do {
    const auto page = store->list("", options);
    REQUIRE(page.ok());
    for (const auto& info : page->items) seen.push_back(info.name.text());
    options.page = page->next;
    // Around the cursor: before it, after it, and the one that it names.
    folder.write("a/new" + std::to_string(page_number), "x");
    folder.write("Z" + std::to_string(page_number++), "x");
    fs::remove(folder / "a0");
  } while (!options.page.empty());
  for (const std::string& name : tree) {
    if (name == "a0") continue;
    CAPTURE(name);
    CHECK(std::count(seen.begin(), seen.end(), name) == 1);
  }
  CHECK(std::set(seen.begin(), seen.end()).size() == seen.size());
}

TEST_CASE("dir: a folder with more entries than allowed") {
  Folder folder;
  folder.fill("db/", 10);
  auto store = locket::dir::open({.path = folder.path(), .max_entries = 10});
  CHECK(names(**store).size() == 10);
  folder.make("db/one-more");
  CHECK(failure((*store)->list("")) == "LimitExceeded dir.too_many_files");
  CHECK(failure((*store)->get("db")) == "LimitExceeded dir.too_many_files");
  CHECK(outcome((*store)->get("db/f3")).empty());
}

TEST_CASE("dir: a large folder, page by page") {
  Folder folder;
  const auto expected = folder.fill("", 2001);
  CHECK(names(*open(folder)) == in_bytes(expected));
}

TEST_CASE("dir: links that lead nowhere hide nothing else") {
  Folder folder;
  folder.write("db/password", "x");
  folder.link("db/zz", "password/x");
  folder.link("long", std::string(300, 'x'));
  const auto store = open(folder);
  CHECK(names(*store) == std::vector<std::string>{"db/password"});
  CHECK(store->get("db")->field("password")->expose() == "x");
}
