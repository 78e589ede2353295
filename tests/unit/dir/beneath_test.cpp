#include "dir/beneath.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <sys/syscall.h>
#include <unistd.h>

#include "dir/status.hpp"
#include "folders.hpp"

using namespace folders;
using locket::Descriptor;
using locket::uninterrupted;
using locket::dir::open_beneath;
using locket::dir::Way;

namespace {

// 0, or the errno.
int opening(const fs::path& root, const std::string& path, Way way, int flags = O_RDONLY | O_NONBLOCK) {
  const Descriptor folder(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return open_beneath(folder.get(), path, flags, way).error();
}

bool has_openat2() {
#if defined(SYS_openat2)
  ::syscall(SYS_openat2, -1, "", nullptr, 0);
  return errno != ENOSYS && errno != EPERM;
#else
  return false;
#endif
}

}  // namespace

TEST_CASE("beneath: both ways follow what stays inside, and nothing that leads out") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  CAPTURE(static_cast<int>(way));
  Folder outer;
  outer.write("outside", "x");
  outer.write("in/file", "x");
  outer.write("in/a/b/file", "x");
  outer.link("in/link", "file");
  outer.link("in/a/b/up", "../../file");
  outer.link("in/a/b/up-and-down", "../../a/../a/./b//file");
  outer.link("in/to-a", "a");
  outer.link("in/self", ".");
  outer.link("in/slash", "a/");
  outer.link("in/file-slash", "file/");
  outer.link("in/a/root", "..");
  outer.link("in/dangling", "nothing");
  outer.link("in/through-file", "file/x");
  outer.link("in/out", "../outside");
  outer.link("in/out-and-back", "../in/file");
  outer.link("in/a/out", "../../outside");
  outer.link("in/out-folder", "..");
  outer.link("in/absolute", outer / "in/file");
  outer.link("in/loop", "loop");
  outer.link("in/ping", "pong");
  outer.link("in/pong", "ping");
  const fs::path in = outer / "in";

  for (const char* path : {"file", "a/b/file", "link", "a/b/up", "a/b/up-and-down", "to-a/b/up", "self/self/file",
                           "slash/b/file", "a/root/file", ".", "a/..", "to-a", "a/root", "self"}) {
    CAPTURE(path);
    CHECK(opening(in, path, way) == 0);
  }
  for (const char* path : {"out", "out-and-back", "a/out", "out-folder", "out-folder/outside", "absolute", "..",
                           "a/../../outside", "to-a/out", "/etc/passwd", "a/root/out"}) {
    CAPTURE(path);
    CHECK(opening(in, path, way) == EXDEV);
  }
  for (const char* path : {"nothing", "dangling", "dangling/x", "a/nothing/x", ""}) {
    CAPTURE(path);
    CHECK(opening(in, path, way) == ENOENT);
  }
  for (const char* path : {"file/x", "through-file", "file-slash", "file/."}) {
    CAPTURE(path);
    CHECK(opening(in, path, way) == ENOTDIR);
  }
  CHECK(opening(in, "loop", way) == ELOOP);
  CHECK(opening(in, "ping", way) == ELOOP);
  CHECK(opening(in, "file", way, locket::dir::lookup | O_DIRECTORY) == ENOTDIR);
  CHECK(opening(in, "to-a", way, locket::dir::lookup | O_DIRECTORY) == 0);
}

TEST_CASE("beneath: as many links as the kernel follows") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  CAPTURE(static_cast<int>(way));
  Folder folder;
  folder.write("l0", "x");
  for (int i = 1; i <= 41; ++i) folder.link("l" + std::to_string(i), "l" + std::to_string(i - 1));
  CHECK(opening(folder.path(), "l40", way) == 0);
  CHECK(opening(folder.path(), "l41", way) == ELOOP);
}

TEST_CASE("beneath: opens what the path names") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  CAPTURE(static_cast<int>(way));
  Folder folder;
  folder.write("a/b/file", "right");
  folder.write("file", "wrong");
  folder.link("link", "a/b/../b/file");
  const Descriptor root(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto found = open_beneath(root.get(), "link", locket::dir::lookup, way);
  REQUIRE(found);
  const auto there = locket::dir::status_of(found->get());
  const auto wanted = locket::dir::status_at(AT_FDCWD, folder / "a/b/file", 0);
  CHECK(locket::dir::identity_of(*there) == locket::dir::identity_of(*wanted));
  CHECK((::fcntl(found->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

// The kernel refuses the links of /proc that are no text; the portable way reads a text that leads out.
TEST_CASE("beneath: the kernel is asked where it can") {
  if (!has_openat2()) SKIP("this kernel or sandbox has no openat2");
  CHECK(opening("/proc/self", "exe", Way::Kernel) == ELOOP);
  CHECK(opening("/proc/self", "exe", Way::Portable) == EXDEV);
}

TEST_CASE("beneath: a call that a signal interrupts is made again") {
  int left = 3;
  const auto call = [&] { return left-- > 0 ? (errno = EINTR, -1) : 7; };
  CHECK(uninterrupted(call) == 7);
  CHECK(left == -1);
  int calls = 0;
  CHECK(uninterrupted([&] { return ++calls, errno = EIO, -1; }) == -1);
  CHECK(calls == 1);
}
