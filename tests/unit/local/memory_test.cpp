// Memory that runs out, wherever it does: locket's by operator new, SQLite's by its own allocator.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

#include <catch2/generators/catch_generators.hpp>
#include <sqlite3.h>

#include "local_test.hpp"

using namespace local_test;

namespace {

// The next allocations that go well; none counted when negative.
int left = -1;
// Whether all that follow fail too, and not the next one alone.
bool all_after = false;

bool fails() noexcept {
  if (left < 0) return false;
  if (left > 0) return --left, false;
  if (!all_after) left = -1;
  return true;
}

sqlite3_mem_methods real = {};

void* sqlite_malloc(int size) {
  return fails() ? nullptr : real.xMalloc(size);
}
void* sqlite_realloc(void* memory, int size) {
  return fails() ? nullptr : real.xRealloc(memory, size);
}

bool count_sqlite() {
  if (::sqlite3_shutdown() != SQLITE_OK) return false;
  if (::sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK) return false;
  sqlite3_mem_methods counted = real;
  counted.xMalloc = sqlite_malloc;
  counted.xRealloc = sqlite_realloc;
  return ::sqlite3_config(SQLITE_CONFIG_MALLOC, &counted) == SQLITE_OK && ::sqlite3_initialize() == SQLITE_OK;
}

// Whether `run` came through without an exception, when its `n`th allocation fails.
template <class Run>
bool survives(int n, Run run) {
  left = n;
  bool whole = false;
  try {
    whole = run();
  } catch (const std::bad_alloc&) {
    whole = false;
  }
  left = -1;
  return whole;
}

}  // namespace

void* operator new(std::size_t size) {
  if (!fails()) {
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  }
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

TEST_CASE("memory that runs out in a write lets go of the file, and takes everything back") {
  all_after = GENERATE(false, true);
  const bool refresh = GENERATE(false, true);
  CAPTURE(all_after, refresh);
  Folder folder;
  const int status = in_child([&] {
    if (!count_sqlite()) return 1;
    auto how = options(folder);
    how.history = 2;
    how.busy_timeout = std::chrono::milliseconds(0);
    const Store store = must(local::create(std::move(how)));
    how = options(folder);
    how.busy_timeout = std::chrono::milliseconds(0);
    const Store other = must(local::open(std::move(how)));
    bool whole = false;
    for (int n = 0; !whole; ++n) {
      const std::string before = std::to_string(n);
      if (refresh || n == 0) {
        if (auto done = other->put("a", SecretData::bytes(before)); !done) {
          std::fprintf(stderr, "the other, %d: %s\n", n, done.error().to_string().c_str());
          return 2;
        }
      } else if (!store->put("a", SecretData::bytes(before))) {
        return 3;
      }
      whole = survives(n, [&] { return bool{store->put("a", SecretData::bytes("new"))}; });
      const std::string now = get(other, "a");
      if (now != "new" && (whole || now != before)) {
        std::fprintf(stderr, "%d: %s\n", n, now.c_str());
        return 4;
      }
      if (const std::string mine = get(store, "a"); mine != now) {
        std::fprintf(stderr, "%d: %s, but %s\n", n, now.c_str(), mine.c_str());
        return 5;
      }
    }
    return 0;
  });
  CHECK(status == 0);
}

TEST_CASE("memory that runs out when a connection is opened costs no place in the pool") {
  // Asked in the middle of a put, while that has the only connection.
  class Interrupting final : public RandomSource {
   public:
    Result<void> fill(std::span<std::byte> out) override {
      if (interrupt) std::exchange(interrupt, {})();
      return bytes_.fill(out);
    }
    std::function<void()> interrupt = {};

   private:
    CountingRandom bytes_;
  };
  Folder folder;
  const int status = in_child([&] {
    if (!count_sqlite()) return 1;
    const auto random = std::make_shared<Interrupting>();
    auto how = options(folder);
    how.random = random;
    how.busy_timeout = std::chrono::milliseconds(0);
    const Store store = must(local::create(std::move(how)));
    put(store, "a", "1");
    int failures = 0;
    std::string found;
    all_after = true;
    random->interrupt = [&] {
      for (int n = 0; n < 40; ++n) failures += !survives(n, [&] { return bool{store->get("a")}; });
      found = get(store, "a");
    };
    put(store, "a", "2");
    return failures > 20 && found == "1" ? 0 : 2;
  });
  CHECK(status == 0);
}
