#include <atomic>
#include <functional>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "dir/file.hpp"
#include "folders.hpp"

using namespace folders;
using locket::dir::Way;

namespace {

// The store looks at its clock, when the call has a deadline, before each try and before each file: there something
// else can happen in between.
class InterruptingClock final : public locket::Clock {
 public:
  Wall now() const noexcept override { return {}; }
  Steady steady() const noexcept override {
    if (interrupt) interrupt(count_++);
    return {};
  }
  bool wait_until(Steady, std::stop_token) override { return true; }

  std::function<void(int)> interrupt;

 private:
  mutable int count_ = 0;
};

struct Interrupted {
  explicit Interrupted(const fs::path& path, Way way) {
    auto opened = locket::dir::open({.settings = {.clock = clock}, .path = path.string()}, way);
    REQUIRE(opened.ok());
    store = *opened;
  }

  std::shared_ptr<InterruptingClock> clock = std::make_shared<InterruptingClock>();
  std::shared_ptr<locket::SecretStore> store;
  const locket::Call call{.deadline = locket::Deadline::max()};
};

// Replaces a file as careful writers do.
void replace(const Folder& folder, const std::string& name, const std::string& bytes) {
  folder.write("..next", bytes);
  fs::rename(folder / "..next", folder / name);
}

// Reads "pair" while `change` happens at the k-th look at the clock, for every k; gives all that was ever read.
std::map<std::string, int> outcomes(const Folder& folder, Way way, const std::function<void()>& set_up,
                                    const std::function<void()>& change) {
  std::map<std::string, int> seen;
  for (int k = 0; k < 30; ++k) {
    set_up();
    const Interrupted one(folder.path(), way);
    one.clock->interrupt = [&](int at) {
      if (at == k) change();
    };
    ++seen[outcome(one.store->get("pair", {}, one.call))];
  }
  return seen;
}

const std::string before = R"({"password":"p1","username":"u1"})";
const std::string after = R"({"password":"p2","username":"u2"})";

}  // namespace

TEST_CASE("interleaved: a generation that is replaced between any two files") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  const bool own_volume = GENERATE(true, false);
  Volume volume(own_volume ? folder / "pair" : folder.path());
  const std::string in = own_volume ? "" : "pair/";
  const auto publish = [&](const std::string& n) {
    return [&volume, in, n] { volume.publish({{in + "username", "u" + n}, {in + "password", "p" + n}}); };
  };
  const auto seen = outcomes(folder, way, publish("1"), publish("2"));
  CAPTURE(seen);
  CHECK(seen.size() == 2);
  CHECK(seen.contains(before));
  CHECK(seen.contains(after));
}

TEST_CASE("interleaved: links into another folder's generation, replaced between any two files") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  Volume volume(folder / "volume");
  folder.link("pair/username", "../volume/..data/username");
  folder.link("pair/password", "../volume/..data/password");
  const auto publish = [&](const std::string& n) {
    return [&volume, n] { volume.publish({{"username", "u" + n}, {"password", "p" + n}}); };
  };
  const auto seen = outcomes(folder, way, publish("1"), publish("2"));
  CAPTURE(seen);
  CHECK(seen.size() == 2);
  CHECK(seen.contains(before));
  CHECK(seen.contains(after));
}

TEST_CASE("interleaved: plain files replaced, added and removed between any two files") {
  Folder folder;
  const auto set_up = [&] {
    fs::remove(folder / "pair/added");
    folder.write("pair/username", "u1");
    folder.write("pair/password", "p1");
  };
  const auto replaced = outcomes(folder, Way::Kernel, set_up, [&] {
    replace(folder, "pair/password", "p2");
    replace(folder, "pair/username", "u2");
  });
  CAPTURE(replaced);
  CHECK(replaced.size() == 2);
  CHECK(replaced.contains(after));
  const auto added = outcomes(folder, Way::Kernel, set_up, [&] { folder.write("pair/added", "a"); });
  CAPTURE(added);
  CHECK(added.size() == 2);
  CHECK(added.contains(before));
  CHECK(added.contains(R"({"added":"a","password":"p1","username":"u1"})"));
  // A moment at which the one was new and the other was not there has never been.
  const auto both = outcomes(folder, Way::Kernel, set_up, [&] {
    folder.write("pair/added", "a");
    replace(folder, "pair/password", "p2");
  });
  CAPTURE(both);
  CHECK(both.size() == 2);
  CHECK(both.contains(R"({"added":"a","password":"p2","username":"u1"})"));
  const auto removed = outcomes(folder, Way::Kernel, set_up, [&] { fs::remove(folder / "pair/username"); });
  CAPTURE(removed);
  CHECK(removed.size() == 2);
  CHECK(removed.contains(R"({"password":"p1"})"));
  const auto gone = outcomes(folder, Way::Kernel, set_up, [&] { fs::remove_all(folder / "pair"); });
  CAPTURE(gone);
  CHECK(gone.size() == 2);
  CHECK(gone.contains("NotFound "));
}

TEST_CASE("interleaved: what is not there is believed only while the folder is the same") {
  Folder folder;
  folder.write("1/a", "x");
  folder.write("1/db/b", "x");
  folder.write("2/a", "x");
  folder.link("current", "1");
  auto tree = locket::dir::Tree::open(folder / "current", 100, Way::Kernel);
  REQUIRE(tree);
  CHECK(tree->locate("a"));
  CHECK(tree->locate("db/b"));
  CHECK(tree->current());
  fs::create_symlink("2", folder / "next");
  fs::rename(folder / "next", folder / "current");
  CHECK(!tree->current());
  fs::remove(folder / "1/a");
  CHECK(tree->locate("a").error() == ENOENT);
}

#if defined(RENAME_EXCHANGE)
namespace {

void exchange(const fs::path& a, const fs::path& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0) FAIL("cannot exchange");
}

}  // namespace

TEST_CASE("interleaved: a folder that is now a link and now a folder") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  folder.write("place/x", "mine");
  folder.write("real/x", "mine");
  folder.link("..other", "real");
  folder.link("alias", "place/x");
  const auto store = open(folder, way);
  std::atomic<bool> done = false;
  std::map<std::string, int> seen;
  std::jthread reader([&] {
    for (int i = 0; i < 3000; ++i) {
      ++seen[outcome(store->get("alias"))];
      ++seen[outcome(store->get("place/x"))];
    }
    done = true;
  });
  while (!done) exchange(folder / "place", folder / "..other");
  reader.join();
  seen.erase("mine");
  seen.erase("Unavailable dir.changing");
  for (const auto& [what, times] : seen) UNSCOPED_INFO(what << ": " << times);
  CHECK(seen.empty());
}

TEST_CASE("interleaved: a folder that is exchanged for another, and deleted then, shows no part of itself") {
  Folder folder;
  const auto set_up = [&] {
    folder.write("pair/username", "u1");
    folder.write("pair/password", "p1");
    folder.write("..other/username", "u2");
    folder.write("..other/password", "p2");
  };
  const auto emptied = outcomes(folder, Way::Kernel, set_up, [&] {
    exchange(folder / "pair", folder / "..other");
    fs::remove_all(folder / "..other");
  });
  CHECK(emptied.size() == 2);
  CHECK(emptied.contains(after));
  const auto half = outcomes(folder, Way::Kernel, set_up, [&] {
    exchange(folder / "pair", folder / "..other");
    fs::remove(folder / "..other/username");
  });
  CHECK(half.size() == 2);
  CHECK(half.contains(after));
}
#endif

TEST_CASE("interleaved: files that are replaced all the time are unavailable") {
  Folder folder;
  folder.write("pair/password", "p");
  folder.write("pair/username", "u");
  const Interrupted one(folder.path(), Way::Kernel);
  one.clock->interrupt = [&](int at) { replace(folder, "pair/password", std::to_string(at)); };
  CHECK(outcome(one.store->get("pair", {}, one.call)) == "Unavailable dir.changing");
  CHECK(one.store->get("pair", {}, one.call).error().retryable());
  CHECK(one.store->get("pair/username", {}, one.call).ok());
}

TEST_CASE("interleaved: a listing misses nothing that stays when its volume is replaced") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  Volume volume(folder.path());
  for (int k = 0; k < 20; ++k) {
    volume.publish({{"a", "1"}, {"db/b", "1"}, {"db/c", "1"}, {"d", "1"}});
    const Interrupted one(folder.path(), way);
    one.clock->interrupt = [&](int at) {
      if (at == k) volume.publish({{"a", "2"}, {"db/b", "2"}, {"db/c", "2"}, {"d", "2"}});
    };
    const auto page = one.store->list("", {.metadata = true}, one.call);
    REQUIRE(page.ok());
    CHECK(page->items.size() == 4);
  }
}

TEST_CASE("interleaved: DIR itself replaced by another folder") {
  Folder folder;
  for (int k = 0; k < 20; ++k) {
    folder.write("1/pair/username", "u1");
    folder.write("1/pair/password", "p1");
    folder.write("2/pair/username", "u2");
    folder.write("2/pair/password", "p2");
    fs::remove(folder / "current");
    folder.link("current", "1");
    const Interrupted one(folder / "current", Way::Kernel);
    one.clock->interrupt = [&](int at) {
      if (at != k) return;
      fs::create_symlink("2", folder / "next");
      fs::rename(folder / "next", folder / "current");
      fs::remove_all(folder / "1");
    };
    const auto pair = outcome(one.store->get("pair", {}, one.call));
    CAPTURE(pair);
    CHECK((pair == before || pair == after));
  }
}

TEST_CASE("interleaved: a file that grows while it is read") {
  Folder folder;
  folder.write("log", "x");
  const std::string path = folder / "log";
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    const locket::Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    for (int i = 0; !done; ++i) {
      if (::write(file.get(), "x", 1) != 1 || (i % 10'000 == 0 && ::ftruncate(file.get(), 1) != 0)) break;
    }
  });
  int whole = 0;
  int torn = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto now = locket::dir::status_at(AT_FDCWD, path, 0);
    const locket::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto value = locket::dir::read_file(file, locket::dir::identity_of(*now), 1U << 20U);
    if (value) ++(value->size() == static_cast<std::size_t>(now->st_size) ? whole : torn);
    if (!value && value.error() != EAGAIN) ++torn;
  }
  done = true;
  CAPTURE(whole);
  CHECK(torn == 0);
}
