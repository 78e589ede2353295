#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "folders.hpp"

using namespace folders;
using locket::ErrorCode;

namespace {

std::string opening(const locket::dir::Options& options) {
  return failure(locket::dir::open(options));
}

}  // namespace

TEST_CASE("dir: what cannot be opened") {
  Folder folder;
  folder.write("file", "x");
  CHECK(opening({}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = std::string("/tmp\0x", 6)}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = folder / "file"}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = folder / "file/folder"}) == "NotFound dir.missing");
  CHECK(opening({.path = folder / "none"}) == "NotFound dir.missing");
  CHECK(opening({.path = folder.path(), .max_value = 0}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = folder.path(), .max_value = (1ULL << 30U) + 1}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = folder.path(), .max_entries = 0}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = folder.path(), .max_entries = 10'000'001}) == "InvalidArgument dir.invalid_option");
  CHECK(opening({.path = folder.path(), .max_value = 1ULL << 30U}) == "ok");
  const auto missing = locket::dir::open({.path = folder / "a\nb"});
  CHECK(missing.error().message() == "there is no folder " + folder.path().string() + "/a\\x0Ab");
  CHECK(!missing.error().hint().empty());
}

TEST_CASE("dir: says what it is and can do") {
  Folder folder;
  const auto store = open(folder);
  CHECK(store->describe() == "dir (" + folder.path().string() + ")");
  const locket::Capabilities expected{
      .list = true, .list_metadata = true, .stat_without_value = true, .max_value = 1U << 20U};
  CHECK(store->capabilities() == expected);
  CHECK(store->put("a", locket::SecretData::bytes("x")).error().code() == ErrorCode::NotSupported);
  CHECK(store->remove("a").error().code() == ErrorCode::NotSupported);
  CHECK(store->get("a", {.which = locket::Version("1")}).error().code() == ErrorCode::NotSupported);
  CHECK(store->report_rejected("a", locket::Version("1")).ok());
}

TEST_CASE("dir: is opened by its URL") {
  Folder folder;
  folder.write("a", "x");
  locket::Registry registry;
  locket::dir::add_schemes(registry);
  const auto store = registry.open("dir:" + folder.path().string());
  REQUIRE(store.ok());
  CHECK(outcome((*store)->get("a")) == "x");
  CHECK(failure(registry.open("dir:")) == "InvalidArgument dir.invalid_option");
  CHECK(failure(registry.open("dir:" + folder.path().string() + "/none")) == "NotFound dir.missing");
  CHECK(failure(registry.open("dir://host" + folder.path().string())) == "InvalidArgument url.invalid");
  CHECK(registry.open("dir:" + folder.path().string() + "?max=1").error().code() == ErrorCode::InvalidArgument);
}

TEST_CASE("dir: a relative folder is below the working folder of the time of opening") {
  Folder folder;
  folder.write("secrets/a", "x");
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  auto store = locket::dir::open({.path = "secrets"});
  fs::current_path(before);
  REQUIRE(store.ok());
  CHECK(outcome((*store)->get("a")) == "x");
  CHECK((*store)->describe() == "dir (" + (folder / "secrets").string() + ")");
}

TEST_CASE("dir: a folder that vanishes is unavailable, and seen when it is back") {
  Folder folder;
  folder.write("mount/a", "first");
  const auto store = open(folder / "mount");
  CHECK(store->health()->ready);
  CHECK(store->health()->state == "ok");

  fs::remove_all(folder / "mount");
  CHECK(outcome(store->get("a")) == "Unavailable dir.missing");
  CHECK(failure(store->stat("a")) == "Unavailable dir.missing");
  CHECK(failure(store->list("")) == "Unavailable dir.missing");
  CHECK(!store->health()->ready);
  CHECK(store->health()->state == "missing");
  CHECK(!store->health()->detail.empty());

  folder.write("mount/a", "mounted anew");
  CHECK(outcome(store->get("a")) == "mounted anew");
  CHECK(store->health()->ready);
}

TEST_CASE("dir: a folder that is a link is followed, and so is its next target") {
  Folder folder;
  folder.write("generation1/a", "first");
  folder.write("generation2/a", "second");
  folder.link("current", "generation1");
  const auto store = open(folder / "current");
  CHECK(outcome(store->get("a")) == "first");
  folder.link("next", "generation2");
  fs::rename(folder / "next", folder / "current");
  fs::remove_all(folder / "generation1");
  CHECK(outcome(store->get("a")) == "second");
}

TEST_CASE("dir: a call that should end does") {
  Folder folder;
  folder.write("db/a", "x");
  const auto store = open(folder);
  std::stop_source stop;
  stop.request_stop();
  CHECK(store->get("db", {}, {.stop = stop.get_token()}).error().code() == ErrorCode::Cancelled);
  const locket::Call late{.deadline = store->settings().clock->steady()};
  CHECK(store->list("", {}, late).error().code() == ErrorCode::Timeout);
}

namespace {

// Passes a deadline after it was asked so many times.
class CountingClock final : public locket::Clock {
 public:
  explicit CountingClock(int calls) : left_(calls) {}
  Wall now() const noexcept override { return {}; }
  Steady steady() const noexcept override { return Steady(std::chrono::seconds(left_-- > 0 ? 0 : 2)); }
  bool wait_until(Steady, std::stop_token) override { return true; }

 private:
  mutable std::atomic<int> left_;
};

}  // namespace

TEST_CASE("dir: a deadline that passes in the middle is noticed") {
  Folder folder;
  for (int i = 0; i < 20; ++i) folder.write("db/f" + std::to_string(i), "x");
  const locket::Call call{.deadline = locket::Deadline(std::chrono::seconds(1))};
  const auto opened = [&](int calls) {
    return *locket::dir::open({.settings = {.clock = std::make_shared<CountingClock>(calls)}, .path = folder.path()});
  };
  CHECK(opened(1000)->get("db", {}, call).ok());
  CHECK(failure(opened(10)->get("db", {}, call)) == "Timeout call.deadline");
  CHECK(failure(opened(30)->get("db", {}, call)) == "Timeout call.deadline");
  CHECK(failure(opened(50)->get("db", {}, call)) == "Timeout call.deadline");
  CHECK(failure(opened(10)->stat("db", {}, call)) == "Timeout call.deadline");
  CHECK(failure(opened(10)->list("", {}, call)) == "Timeout call.deadline");
}

TEST_CASE("dir: a forked child opens anew") {
  Folder folder;
  folder.write("a", "x");
  auto store = open(folder);
  const auto held = store->get("a");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto refused = store->get("a");
    bool good = !refused && refused.error().code() == ErrorCode::Unavailable && held->value().expose() == "x";
    store.reset();
    auto anew = locket::dir::open({.path = folder.path()});
    good = good && anew && (*anew)->get("a").ok();
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(outcome(store->get("a")) == "x");
}
