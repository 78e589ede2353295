#include "core/arena.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/pages.hpp"
#include "core/size_classes.hpp"
#include "unit/core/child.hpp"

namespace arena = locket::arena;
namespace pages = locket::pages;
namespace size_classes = locket::size_classes;
using locket_test::in_child;

namespace {

constexpr std::size_t slab_size = 256 << 10;

unsigned char* base_of(void* block) {
  return reinterpret_cast<unsigned char*>(reinterpret_cast<std::uintptr_t>(block) & ~(slab_size - 1));
}

unsigned char* allocate(std::size_t bytes) {
  return static_cast<unsigned char*>(arena::allocate(bytes));
}

bool all_are(const unsigned char* bytes, std::size_t size, unsigned char expected) {
  return std::all_of(bytes, bytes + size, [expected](unsigned char byte) { return byte == expected; });
}

// The line "VmFlags:" of the mapping with this address (proc_pid_smaps(5)); empty when nothing is mapped there.
std::string flags_of(const void* address) {
  std::ifstream smaps("/proc/self/smaps");
  bool found = false;
  for (std::string line; std::getline(smaps, line);) {
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> start >> dash >> end && dash == '-') {
      found = start <= reinterpret_cast<std::uintptr_t>(address) && reinterpret_cast<std::uintptr_t>(address) < end;
    } else if (found && line.starts_with("VmFlags:")) {
      return line + " ";
    }
  }
  return {};
}

// Whether touching the byte kills a process by a segmentation fault.
bool traps(unsigned char* address) {
  int status = in_child([address] {
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would turn the signal into an exit
    *const_cast<volatile unsigned char*>(address) = 1;
    return 0;
  });
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

}  // namespace

TEST_CASE("a size class is the smallest that fits and wastes little") {
  constexpr std::size_t usable = 251'000;
  unsigned previous = 0;
  for (std::size_t bytes = 1; bytes <= usable / 16 * 16; ++bytes) {
    unsigned size_class = size_classes::class_of(bytes, usable);
    std::size_t block = size_classes::block_size(size_class, usable);
    bool fits = size_class < size_classes::count && block >= bytes && block % 16 == 0;
    bool smallest = size_class == 0 || size_classes::block_size(size_class - 1, usable) < bytes;
    bool economic = block - bytes < 16 || block - bytes <= block / 5 || bytes > size_classes::largest_fixed;
    if (!fits || !smallest || !economic || size_class < previous) FAIL("wrong class for " << bytes << " bytes");
    previous = size_class;
  }
  CHECK(previous == size_classes::count - 1);
}

TEST_CASE("blocks of any size are zero, aligned, apart from each other and keep every byte") {
  auto before = arena::statistics();
  struct Held {
    unsigned char* block;
    std::size_t size;
    unsigned char fill;
  };
  std::vector<Held> held;
  for (std::size_t size = 1; size < 700'000; size += size / 3 + 1) {
    for (int copy = 0; copy < 9; ++copy) {
      unsigned char* block = allocate(size);
      auto fill = static_cast<unsigned char>(held.size() % 255 + 1);
      REQUIRE(reinterpret_cast<std::uintptr_t>(block) % 16 == 0);
      REQUIRE(all_are(block, size, 0));
      std::memset(block, fill, size);
      held.push_back({block, size, fill});
    }
  }
  for (const Held& one : held) REQUIRE(all_are(one.block, one.size, one.fill));
  for (std::size_t step : {2U, 1U}) {  // every second one first, so that slabs have holes
    for (std::size_t i = 0; i < held.size(); i += step) {
      if (held[i].block != nullptr) arena::release(std::exchange(held[i].block, nullptr), held[i].size);
    }
  }
  CHECK(arena::statistics().in_use == before.in_use);
}

TEST_CASE("a released block is wiped, and used again") {
  for (std::size_t size : {1U, 32U, 48U, 500U, 5'000U, 50'000U}) {
    unsigned char* neighbour = allocate(size);  // keeps the slab mapped, so that the released block can be looked at
    unsigned char* block = allocate(size);
    std::memset(block, 0xA5, arena::rounded(size));
    arena::release(block, size);
    CHECK(all_are(block, arena::rounded(size), 0));
    unsigned char* again = allocate(size);
    CHECK(again == block);
    arena::release(again, size);
    arena::release(neighbour, size);
  }
}

TEST_CASE("a page before and a page behind every slab and every big block trap") {
  unsigned char* small = allocate(32);
  unsigned char* slab = base_of(small);
  CHECK_FALSE(traps(small));
  CHECK(traps(slab));
  CHECK(traps(slab + pages::page_size() - 1));
  CHECK_FALSE(traps(slab + slab_size - pages::page_size() - 1));
  CHECK(traps(slab + slab_size - pages::page_size()));
  CHECK(traps(slab + slab_size - 1));
  arena::release(small, 32);

  std::size_t size = 1'000'000;
  unsigned char* big = allocate(size);
  CHECK_FALSE(traps(big + arena::rounded(size) - 1));
  CHECK(traps(big + arena::rounded(size)));
  CHECK(traps(base_of(big)));
  arena::release(big, size);
}

TEST_CASE("the arena is excluded from core dumps and readable in a forked child") {
  for (std::size_t size : {32UL, 40'000UL, 1'000'000UL}) {
    unsigned char* block = allocate(size);
    std::string flags = flags_of(block);
    if (flags.empty()) SKIP("the kernel shows no /proc/self/smaps with VmFlags");
    CHECK(flags.find(" dd ") != std::string::npos);
    CHECK(flags.find(" wf ") == std::string::npos);
    arena::release(block, size);
  }
}

TEST_CASE("empty slabs are unmapped, but for one of each size") {
  auto before = arena::statistics();
  std::vector<void*> blocks;
  for (int i = 0; i < 2'000; ++i) blocks.push_back(arena::allocate(1'000));
  auto full = arena::statistics();
  CHECK(full.slabs >= before.slabs + 7);
  CHECK(full.in_use - before.in_use == 2'000 * arena::rounded(1'000));
  unsigned char* first = base_of(blocks.front());
  unsigned char* last = base_of(blocks.back());
  for (void* block : blocks) arena::release(block, 1'000);
  auto after = arena::statistics();
  CHECK(after.slabs <= before.slabs + 1);
  CHECK(after.mapped <= before.mapped + slab_size);
  CHECK(after.in_use == before.in_use);
  CHECK((flags_of(first).empty() || flags_of(last).empty()));
}

TEST_CASE("a big block's mapping goes with it") {
  auto before = arena::statistics();
  unsigned char* big = allocate(3'000'000);
  CHECK(arena::statistics().slabs == before.slabs + 1);
  CHECK(arena::statistics().in_use >= before.in_use + 3'000'000);
  arena::release(big, 3'000'000);
  CHECK(flags_of(big).empty());
  auto after = arena::statistics();
  CHECK((after.slabs == before.slabs && after.mapped == before.mapped && after.locked == before.locked));
  CHECK(after.in_use == before.in_use);
}

TEST_CASE("no byte is missing where slabs end and mappings of their own begin") {
  auto before = arena::statistics();
  std::size_t pages_size = pages::page_size();
  for (std::size_t size = slab_size - 4 * pages_size; size < slab_size + 2 * pages_size; size += 61) {
    unsigned char* block = allocate(size);
    std::memset(block, 1, arena::rounded(size));
    if (arena::rounded(size) < size) FAIL("a block that is too small for " << size << " bytes");
    arena::release(block, size);
  }
  CHECK(arena::statistics().in_use == before.in_use);
}

TEST_CASE("32 bytes and their NUL cost less than 100 bytes") {
  constexpr std::size_t count = 50'000;
  auto before = arena::statistics();
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < count; ++i) blocks.push_back(arena::allocate(33));
  CHECK((arena::statistics().mapped - before.mapped) / count < 52);
  for (void* block : blocks) arena::release(block, 33);
}

TEST_CASE("sizes that no machine has throw and change nothing") {
  auto before = arena::statistics();
  for (std::size_t size : {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max() / 2}) {
    CHECK_THROWS_AS(arena::allocate(size), std::bad_alloc);
    CHECK_THROWS_AS(arena::rounded(size), std::bad_alloc);
  }
  CHECK(arena::statistics().slabs == before.slabs);
}

TEST_CASE("four threads allocate, check, hand over and release at once") {
  auto before = arena::statistics();
  std::vector<std::vector<unsigned char*>> handed(4);
  auto size_of = [](std::size_t i) { return i * 37 % 3'000 + 1; };
  auto work = [&](std::size_t thread) {
    for (std::size_t i = 0; i < 20'000; ++i) {
      unsigned char* block = allocate(size_of(i));
      std::memset(block, static_cast<int>(thread) + 1, size_of(i));
      if (i % 16 == 0) {
        handed[thread].push_back(block);
      } else {
        if (!all_are(block, size_of(i), static_cast<unsigned char>(thread + 1))) std::abort();
        arena::release(block, size_of(i));
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < 4; ++thread) threads.emplace_back(work, thread);
  }
  auto release_of = [&](std::size_t thread) {
    for (std::size_t i = 0; i < handed[thread].size(); ++i) arena::release(handed[thread][i], size_of(i * 16));
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < 4; ++thread) threads.emplace_back(release_of, (thread + 1) % 4);
  }
  CHECK(arena::statistics().in_use == before.in_use);
}
