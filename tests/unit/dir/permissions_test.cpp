#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include "folders.hpp"

using namespace folders;

namespace {

// Root reads whatever the modes say.
bool modes_count() {
  return ::geteuid() != 0;
}

}  // namespace

TEST_CASE("dir: what the process may not read is refused, not missing", "[unprivileged]") {
  if (!modes_count()) SKIP("root is not bound by file modes");
  Folder folder;
  folder.write("unreadable", "x");
  folder.write("closed/inside", "x");
  folder.write("unlisted/inside", "x");
  folder.write("fields/open", "x");
  folder.write("fields/shut", "x");
  folder.link("link", "closed/inside");
  folder.mode("unreadable", 0);
  folder.mode("closed", 0);
  folder.mode("unlisted", 0100);
  folder.mode("fields/shut", 0);
  const auto store = open(folder);
  for (const char* name : {"unreadable", "closed/inside", "closed/missing", "closed", "unlisted", "fields", "link"}) {
    CAPTURE(name);
    CHECK(outcome(store->get(name)) == "PermissionDenied dir.denied");
  }
  CHECK(store->get("fields").error().message().find("'fields/shut'") != std::string::npos);
  CHECK(outcome(store->get("unlisted/inside")) == "x");
  CHECK(outcome(store->get("unlisted/missing")) == "NotFound ");
  CHECK(store->stat("unreadable").ok());
  CHECK(store->get("unreadable").error().hint().find("defaultMode") != std::string::npos);
}

TEST_CASE("dir: a listing that would not be whole is refused", "[unprivileged]") {
  if (!modes_count()) SKIP("root is not bound by file modes");
  Folder folder;
  folder.write("a", "x");
  folder.write("closed/inside", "x");
  folder.link("link", "closed/inside");
  folder.mode("a", 0);
  folder.mode("closed", 0);
  const auto store = open(folder);
  CHECK(failure(store->list("")) == "PermissionDenied dir.denied");
  CHECK(store->list("").error().message().find("'closed/'") != std::string::npos);
  folder.mode("closed", 0500);
  // Unreadable files have names all the same.
  CHECK(names(*store) == std::vector<std::string>{"a", "closed/inside", "link"});
}

TEST_CASE("dir: a folder that the process may not enter", "[unprivileged]") {
  if (!modes_count()) SKIP("root is not bound by file modes");
  Folder folder;
  folder.write("outer/mount/a", "x");
  const auto store = open(folder / "outer/mount");
  folder.mode("outer/mount", 0);
  CHECK(outcome(store->get("a")) == "PermissionDenied dir.denied");
  CHECK(failure(store->list("")) == "PermissionDenied dir.denied");
  CHECK(failure(store->health()) == "PermissionDenied dir.denied");
  folder.mode("outer", 0);
  CHECK(outcome(store->get("a")) == "PermissionDenied dir.denied");
  CHECK(failure(store->health()) == "PermissionDenied dir.denied");
  CHECK(failure(locket::dir::open({.path = folder / "outer/mount"})) == "PermissionDenied dir.denied");
  folder.mode("outer", 0700);
  folder.mode("outer/mount", 0100);
  CHECK(outcome(store->get("a")) == "x");
  CHECK(store->health()->ready);
}
