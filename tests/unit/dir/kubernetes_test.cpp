#include <atomic>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "folders.hpp"

using namespace folders;
using locket::dir::Way;

TEST_CASE("kubernetes: a volume is read through its links") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  Volume volume(folder / "mount");
  volume.publish({{"api-key", "k1"}, {"db/username", "app"}, {"db/password", "p1"}});
  const auto store = open(folder / "mount", way);
  CHECK(outcome(store->get("api-key")) == "k1");
  CHECK(outcome(store->get("db/password")) == "p1");
  CHECK(store->get("db")->field("password")->expose() == "p1");
  CHECK(store->stat("db")->fields == std::vector<std::string>{"password", "username"});
  CHECK(names(*store) == std::vector<std::string>{"api-key", "db/password", "db/username"});

  volume.publish({{"api-key", "k2"}, {"db/password", "p2"}});
  CHECK(outcome(store->get("api-key")) == "k2");
  CHECK(*store->get("db")->field_names() == std::vector<std::string>{"password"});
  CHECK(names(*store) == std::vector<std::string>{"api-key", "db/password"});
}

TEST_CASE("kubernetes: an empty volume is empty") {
  Folder folder;
  Volume volume(folder / "mount");
  volume.publish({});
  const auto store = open(folder / "mount");
  CHECK(outcome(store->get("a")) == "NotFound ");
  CHECK(names(*store).empty());
}

TEST_CASE("kubernetes: its own entries are no secrets") {
  Folder folder;
  Volume volume(folder / "mount");
  volume.publish({{"a", "x"}});
  const auto store = open(folder / "mount");
  CHECK(outcome(store->get("..data/a")) == "NotFound ");
  CHECK(outcome(store->get("..2026_01_01_00_00_00.1/a")) == "NotFound ");
  CHECK(outcome(store->get("..data")) == "NotFound ");
  CHECK(failure(store->stat("..data/a")) == "NotFound ");
  CHECK(names(*store, "..data/").empty());
  CHECK(store->get("..data/a").error().hint().find("Kubernetes") != std::string::npos);
  CHECK(store->list("")->unaddressable.empty());
}

TEST_CASE("kubernetes: a volume may be mounted below the folder, and in another volume") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  folder.write("same/x", "beside the generation");
  Volume outer(folder.path());
  outer.publish({{"token", "t"}, {"same", "from the generation"}});
  Volume inner(folder / "db");
  inner.publish({{"username", "app"}, {"password", "p"}});
  folder.write("beside", "b");
  const auto store = open(folder, way);
  CHECK(outcome(store->get("db/password")) == "p");
  CHECK(*store->get("db")->field_names() == std::vector<std::string>{"password", "username"});
  CHECK(outcome(store->get("same")) == "from the generation");
  CHECK(names(*store) == std::vector<std::string>{"beside", "db/password", "db/username", "same", "token"});
}

TEST_CASE("kubernetes: a link beside ..data counts only through the generation") {
  Folder folder;
  Volume volume(folder / "mount");
  volume.publish({{"a", "x"}});
  folder.link("mount/removed", "..data/removed");
  folder.link("mount/other", "a");
  const auto store = open(folder / "mount");
  CHECK(outcome(store->get("removed")) == "NotFound ");
  CHECK(outcome(store->get("other")) == "NotFound ");
  CHECK(names(*store) == std::vector<std::string>{"a"});
}

TEST_CASE("kubernetes: ..data must stay inside its folder") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder outer;
  outer.write("outside/a", "not yours");
  outer.write("mount/db/a", "beside");
  outer.link("mount/db/..data", "../../outside");
  outer.write("mount/else/a", "elsewhere");
  outer.link("mount/up/..data", "../else");
  outer.link("mount/absolute/..data", outer / "mount/else");
  const auto store = open(outer / "mount", way);
  CHECK(outcome(store->get("db/a")) == "Integrity dir.link_outside");
  CHECK(outcome(store->get("db")) == "Integrity dir.link_outside");
  CHECK(outcome(store->get("up/a")) == "Integrity dir.link_outside");
  CHECK(outcome(store->get("absolute/a")) == "Integrity dir.link_outside");
  CHECK(failure(store->list("")) == "Integrity dir.link_outside");
}

TEST_CASE("kubernetes: a ..data that leads nowhere is a broken volume, not an empty one") {
  Folder folder;
  folder.write("mount/a", "x");
  folder.link("mount/..data", "..gone");
  const auto store = open(folder / "mount");
  CHECK(outcome(store->get("a")) == "Unavailable dir.no_generation");
  CHECK(failure(store->list("")) == "Unavailable dir.no_generation");
  CHECK(store->get("a").error().retryable());
}

TEST_CASE("kubernetes: a ..data that is no link means nothing") {
  Folder folder;
  folder.write("mount/a", "x");
  folder.write("mount/..data/a", "hidden");
  const auto store = open(folder / "mount");
  CHECK(outcome(store->get("a")) == "x");
  CHECK(names(*store) == std::vector<std::string>{"a"});
}

namespace {

// What went wrong in one reading; empty when all is of one generation.
std::string read_pair(locket::SecretStore& store) {
  const auto pair = store.get("pair");
  if (!pair) return failure(pair);
  const auto fields = pair->field_names();
  if (fields->size() != 2) return "not all fields";
  const auto username = pair->field("username");
  const auto password = pair->field("password");
  if (username->expose().substr(1) != password->expose().substr(1)) return "two generations";
  return {};
}

std::string read_all(locket::SecretStore& store) {
  const auto listed = store.list("");
  if (!listed) return failure(listed);
  if (listed->items.size() != 3) return "not all names";
  const auto alone = store.get("pair/username");
  return alone ? read_pair(store) : failure(alone);
}

}  // namespace

TEST_CASE("kubernetes: two generations never mix, and nothing is missed between them") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  // The fields below DIR's generation, in a generation of their own, and as links into another folder's.
  const bool own_volume = GENERATE(true, false);
  Volume volume(own_volume ? folder / "pair" : folder.path());
  const std::string in = own_volume ? "" : "pair/";
  folder.write("third", "x");
  int published = 0;
  const auto publish = [&] {
    const std::string n = std::to_string(++published);
    volume.publish({{in + "username", "u" + n}, {in + "password", "p" + n}});
  };
  publish();
  const auto store = open(folder, way);
  std::atomic<bool> done = false;
  std::map<std::string, int> wrong;
  std::jthread reader([&] {
    for (int i = 0; i < 400; ++i) {
      if (auto what = read_all(*store); !what.empty()) ++wrong[what];
    }
    done = true;
  });
  while (!done || published < 100) publish();
  reader.join();
  // What the header promises when generations follow each other faster than they can be read.
  wrong.erase("Unavailable dir.changing");
  for (const auto& [what, times] : wrong) UNSCOPED_INFO(what << ": " << times);
  CHECK(wrong.empty());
}

TEST_CASE("dir: links into a generation of another folder do not mix either") {
  const Way way = GENERATE(Way::Kernel, Way::Portable);
  Folder folder;
  Volume volume(folder / "volume");
  folder.link("pair/username", "../volume/..data/username");
  folder.link("pair/password", "../volume/..data/password");
  folder.write("third", "x");
  int published = 0;
  const auto publish = [&] {
    const std::string n = std::to_string(++published);
    volume.publish({{"username", "u" + n}, {"password", "p" + n}});
  };
  publish();
  const auto store = open(folder, way);
  std::atomic<bool> done = false;
  std::map<std::string, int> wrong;
  std::jthread reader([&] {
    for (int i = 0; i < 400; ++i) {
      if (auto what = read_pair(*store); !what.empty()) ++wrong[what];
    }
    done = true;
  });
  while (!done || published < 100) publish();
  reader.join();
  CAPTURE(wrong);
  CHECK(!wrong.contains("two generations"));
}

TEST_CASE("dir: plain files that are replaced together in no way are still read of one moment") {
  Folder folder;
  folder.write("pair/username", "u0");
  folder.write("pair/password", "p0");
  folder.write("third", "x");
  const auto store = open(folder);
  std::atomic<bool> done = false;
  std::atomic<int> missed = 0;
  std::jthread reader([&] {
    for (int i = 0; i < 400; ++i) {
      const auto pair = store->get("pair");
      // Replaced without a pause, it may not come to rest; but it is never half there.
      if (pair ? pair->field_names()->size() != 2 : pair.error().reason() != "dir.changing") ++missed;
      const auto listed = store->list("");
      if (!listed || listed->items.size() != 3) ++missed;
    }
    done = true;
  });
  for (int i = 0; !done || i < 100; ++i) {
    for (const char* name : {"username", "password"}) {
      folder.write("pair/..next", std::to_string(i));
      fs::rename(folder / "pair/..next", folder / "pair" / name);
    }
  }
  reader.join();
  CHECK(missed == 0);
}
