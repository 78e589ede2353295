#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "folders.hpp"

using namespace folders;
using locket::dir::Way;

TEST_CASE("dir: links that stay inside are followed") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  folder.write(".stow/db/password", "hunter2");
  folder.write(".stow/db/username", "app");
  folder.link("password", ".stow/db/password");
  folder.link("twice", "password");
  folder.link("db", ".stow/db");
  folder.link("apps/billing/db", "../../db");
  folder.link("linked/password", "../db/password");
  folder.link("linked/username", "../.stow/db/username");
  const auto store = open(folder, way);
  CHECK(outcome(store->get("password")) == "hunter2");
  CHECK(outcome(store->get("twice")) == "hunter2");
  CHECK(outcome(store->get("db/password")) == "hunter2");
  CHECK(outcome(store->get("apps/billing/db/username")) == "app");
  CHECK(store->get("apps/billing/db")->field("password")->expose() == "hunter2");
  CHECK(store->get("linked")->field("username")->expose() == "app");
  CHECK(store->get("linked")->field_names()->size() == 2);
}

TEST_CASE("dir: links that lead out are refused") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder outer;
  outer.write("outside/secret", "not yours");
  outer.write("mount/mine", "mine");
  outer.write("mount/folder/fine", "x");
  outer.link("mount/file", "../outside/secret");
  outer.link("mount/absolute", outer / "outside/secret");
  outer.link("mount/absolute-inside", outer / "mount/mine");
  outer.link("mount/dir", "../outside");
  outer.link("mount/back", "../mount/mine");
  outer.link("mount/folder/bad", "../../outside/secret");
  outer.link("mount/chain", "file");
  outer.link("mount/loop", "loop");
  const auto store = open(outer / "mount", way);
  for (const char* name :
       {"file", "absolute", "absolute-inside", "dir", "dir/secret", "back", "folder/bad", "folder", "chain"}) {
    CAPTURE(name);
    CHECK(outcome(store->get(name)) == "Integrity dir.link_outside");
    CHECK(failure(store->stat(name)) == "Integrity dir.link_outside");
  }
  CHECK(outcome(store->get("loop")) == "Integrity dir.link_loop");
  CHECK(outcome(store->get("mine")) == "mine");
  CHECK(failure(store->list("dir/")) == "Integrity dir.link_outside");
}

TEST_CASE("dir: a link that leads nowhere is not there") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  folder.write("db/here", "x");
  folder.link("db/gone", "nowhere");
  const auto store = open(folder, way);
  CHECK(outcome(store->get("db/gone")) == "NotFound ");
  CHECK(*store->get("db")->field_names() == std::vector<std::string>{"here"});
  CHECK(names(*store) == std::vector<std::string>{"db/here"});
}

TEST_CASE("dir: a listing names links to files, and does not enter linked folders") {
  Folder outer;
  outer.write("outside", "x");
  outer.write("mount/real/password", "x");
  outer.link("mount/alias", "real/password");
  outer.link("mount/folder", "real");
  outer.link("mount/real/up", "..");
  outer.link("mount/out", "../outside");
  outer.link("mount/loop", "loop");
  const auto store = open(outer / "mount");
  CHECK(names(*store) == std::vector<std::string>{"alias", "loop", "out", "real/password"});
  CHECK(names(*store, "folder/") == std::vector<std::string>{"folder/password"});
  const auto page = store->list("", {.metadata = true});
  REQUIRE(page->items.size() == 4);
  CHECK(page->items[0].metadata.has_value());
  CHECK(!page->items[1].metadata);
  CHECK(!page->items[2].metadata);
  CHECK(page->items[3].metadata.has_value());
}

TEST_CASE("dir: a link that comes and goes under a reader never shows what is outside") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder outer;
  outer.write("outside", "not yours");
  outer.write("mount/real", "mine");
  outer.link("good", "real");
  outer.link("bad", "../outside");
  const auto store = open(outer / "mount", way);
  for (int i = 0; i < 500; ++i) {
    fs::create_symlink(i % 2 == 0 ? "real" : "../outside", outer / "mount/next");
    fs::rename(outer / "mount/next", outer / "mount/a");
    CHECK(outcome(store->get("a")) == (i % 2 == 0 ? "mine" : "Integrity dir.link_outside"));
  }
}
