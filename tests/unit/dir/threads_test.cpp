#include <atomic>
#include <csignal>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <pthread.h>
#include <sys/resource.h>

#include "folders.hpp"

using namespace folders;

namespace {

void read_everything(locket::SecretStore& store, int times, std::atomic<int>& wrong) {
  for (int i = 0; i < times; ++i) {
    if (outcome(store.get("db/password")) != "p") ++wrong;
    if (!store.get("db") || !store.stat("link")) ++wrong;
    if (const auto page = store.list(""); !page || page->items.size() != 3) ++wrong;
    if (!store.health() || outcome(store.get("none")) != "NotFound ") ++wrong;
  }
}

Folder& fill(Folder& folder) {
  folder.write("db/username", "u");
  folder.write("db/password", "p");
  folder.link("link", "db/password");
  return folder;
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("dir: eight threads at once") {
  Folder folder;
  const auto store = open(fill(folder));
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { read_everything(*store, 100, wrong); });
  }
  CHECK(wrong == 0);
}

TEST_CASE("dir: signals do not disturb") {
  Folder folder;
  const auto store = open(fill(folder));
  struct sigaction ignore = {};
  struct sigaction before = {};
  ignore.sa_handler = [](int) {};
  REQUIRE(::sigaction(SIGUSR1, &ignore, &before) == 0);
  std::atomic<int> wrong = 0;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    read_everything(*store, 300, wrong);
    done = true;
  });
  while (!done) ::pthread_kill(reader.native_handle(), SIGUSR1);
  reader.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  CHECK(wrong == 0);
}

TEST_CASE("dir: a process without a descriptor left is told so") {
  Folder folder;
  const auto store = open(fill(folder));
  // UndefinedBehaviorSanitizer looks at an object of each class once, through a pipe: here, before there is none.
  folder.link("circle", "circle");
  CHECK(failure(locket::dir::open({.path = folder / "circle"})) == "Unavailable dir.io");
  fs::remove(folder / "circle");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  std::map<std::string, int> outcomes;
  for (rlim_t left = 0; left < 12; ++left) {
    const rlimit tight{.rlim_cur = static_cast<rlim_t>(::dup(0)) + left, .rlim_max = before.rlim_max};
    ::close(static_cast<int>(tight.rlim_cur - left));
    ::setrlimit(RLIMIT_NOFILE, &tight);
    const auto secret = store->get("db");
    const auto link = store->get("link");
    const auto page = store->list("");
    ::setrlimit(RLIMIT_NOFILE, &before);
    ++outcomes[secret ? "ok" : failure(secret)];
    ++outcomes[failure(link)];
    ++outcomes[failure(page)];
  }
  CHECK(outcomes.size() == 2);
  CHECK(outcomes["ok"] > 0);
  CHECK(outcomes["Unavailable dir.io"] > 0);
}

TEST_CASE("dir: nothing stays open") {
  if (!fs::exists("/proc/self/fd")) SKIP("there is no /proc here");
  Folder folder;
  std::atomic<int> wrong = 0;
  const auto before = open_descriptors();
  for (const auto way : {locket::dir::Way::Kernel, locket::dir::Way::Portable}) {
    const auto store = open(fill(folder), way);
    read_everything(*store, 10, wrong);
    fs::remove(folder / "link");
    CHECK(open_descriptors() == before);
  }
  CHECK(wrong == 0);
}
