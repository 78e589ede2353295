#include "core/fork.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <locket/secret_value.hpp>

#include "core/arena.hpp"
#include "unit/core/child.hpp"

// The same source once more, told to do without MADV_WIPEONFORK, as it does where the kernel has none.
#define LOCKET_FORK_BY_HANDLER
#define process_epoch process_epoch_by_handler
#include "core/fork.cpp"
#undef process_epoch

namespace arena = locket::arena;
using locket::SecretValue;
using locket_test::in_child;

namespace {

// Both ways of telling a fork must behave the same.
constexpr std::array epochs = {&locket::process_epoch, &locket::process_epoch_by_handler};

// Whether several threads that ask first all get the same new number.
bool threads_agree(std::uint32_t (*epoch)() noexcept, std::uint32_t inherited) {
  std::array<std::uint32_t, 4> seen = {};
  {
    std::vector<std::jthread> threads;
    for (auto& one : seen) threads.emplace_back([&one, epoch] { one = epoch(); });
  }
  return seen[0] != 0 && seen[0] != inherited &&
         std::all_of(seen.begin(), seen.end(), [&](auto one) { return one == seen[0]; });
}

void* base_of(const void* block) {
  return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(block) & ~std::uintptr_t{0x3FFFF});
}

// What a forked child must be able to do with the values of its parent, while other threads of the parent were in the
// middle of anything. Returns 0, or which step failed.
int use_inherited(SecretValue& value, const void* neighbour) {
  if (value.expose() != "made before the fork") return 1;
  const char* bytes = value.expose().data();
  std::vector<SecretValue> fresh;
  for (int i = 0; i < 20; ++i) fresh.push_back(value.clone());
  value.clear();
  if (!std::all_of(bytes, bytes + 21, [](char byte) { return byte == 0; })) return 2;
  for (int i = 0; i < 20; ++i) fresh.emplace_back("made before the fork");
  for (const SecretValue& one : fresh) {
    if (one.expose() != "made before the fork") return 3;
    if (base_of(one.expose().data()) == base_of(bytes) || base_of(one.expose().data()) == base_of(neighbour)) return 4;
  }
  return 0;
}

}  // namespace

TEST_CASE("the epoch stays the same in a process") {
  for (auto* epoch : epochs) {
    std::uint32_t first = epoch();
    CHECK(first != 0);
    CHECK(epoch() == first);
    std::uint32_t elsewhere = 0;
    std::thread([&] { elsewhere = epoch(); }).join();
    CHECK(elsewhere == first);
  }
}

TEST_CASE("children and grandchildren have epochs of their own") {
  for (auto* epoch : epochs) {
    std::uint32_t parent = epoch();
    int status = in_child([&] {
      std::uint32_t child = epoch();
      if (child == parent || child == 0 || child != epoch()) return 1;
      return in_child([&] { return epoch() == parent || epoch() == child || epoch() == 0 ? 1 : 0; }) == 0 ? 0 : 2;
    });
    CHECK(status == 0);
    // A child that never asked has a child that does.
    CHECK(in_child([&] { return in_child([&] { return epoch() == parent ? 1 : 0; }) == 0 ? 0 : 1; }) == 0);
    CHECK(epoch() == parent);
  }
}

TEST_CASE("threads of a child agree on its epoch") {
  for (auto* epoch : epochs) {
    std::uint32_t parent = epoch();
    for (int i = 0; i < 20; ++i) REQUIRE(in_child([&] { return threads_agree(epoch, parent) ? 0 : 1; }) == 0);
  }
}

TEST_CASE("a child made by a bare clone, which runs no handlers, is told apart") {
  std::uint32_t parent = locket::process_epoch();
  auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) ::_exit(locket::process_epoch() != parent ? 0 : 1);
  REQUIRE(child > 0);
  CHECK(locket_test::status_of(child) == 0);
}

TEST_CASE("a child reads, releases and makes values while threads of its parent do") {
  std::atomic<bool> stop{false};
  std::vector<std::jthread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&stop, thread] {
      for (std::size_t i = thread; !stop.load(std::memory_order_relaxed); ++i) {
        std::size_t size = i % 97 == 0 ? 300'000 : i * 13 % 2'000 + 1;  // now and then one with a mapping of its own
        void* block = arena::allocate(size);
        arena::release(block, size);
      }
    });
  }
  int failed = 0;
  for (int i = 0; i < 200 && failed == 0; ++i) {
    SecretValue value("made before the fork");
    SecretValue neighbour("made before the fork");
    failed = in_child([&] { return use_inherited(value, neighbour.expose().data()); });
    if (value.expose() != "made before the fork") failed = -1;
  }
  stop.store(true);
  CHECK(failed == 0);
}

TEST_CASE("a grandchild reads and releases what three processes made") {
  SecretValue ours("made before the fork");
  int status = in_child([&] {
    SecretValue childs("made before the fork");
    return in_child([&] {
      SecretValue own("its own");
      SecretValue spare("made before the fork");
      int first = use_inherited(ours, own.expose().data());
      return first != 0 ? first : use_inherited(childs, own.expose().data());
    });
  });
  CHECK(status == 0);
  CHECK(ours.expose() == "made before the fork");
}

TEST_CASE("a child gives the mapping of a big inherited value back, its parent keeps it") {
  SecretValue big(std::string(1'000'000, 'b'));
  CHECK(in_child([&] {
          big.clear();
          return SecretValue(std::string(1'000'000, 'c')).size() == 1'000'000 ? 0 : 1;
        }) == 0);
  CHECK(big.expose() == std::string(1'000'000, 'b'));
}
