#include "core/pages.hpp"

#include <atomic>
#include <cassert>
#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

namespace locket::inline v1::pages {
namespace {

void* map_anonymous(std::size_t size, int protection) noexcept {
  void* base = ::mmap(nullptr, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return base == MAP_FAILED ? nullptr : base;
}

// Address space only, untouchable: cut out of twice as much.
std::byte* reserve_aligned(std::size_t size, std::size_t boundary) noexcept {
  auto* wide = static_cast<std::byte*>(map_anonymous(size + boundary, PROT_NONE));
  if (wide == nullptr) return nullptr;
  std::size_t before = -reinterpret_cast<std::uintptr_t>(wide) & (boundary - 1);
  if (before != 0) unmap(wide, before);
  if (before != boundary) unmap(wide + before + size, boundary - before);
  return wide + before;
}

bool undumped(void* base, std::size_t size) noexcept {
#if defined(MADV_DONTDUMP)
  return ::madvise(base, size, MADV_DONTDUMP) == 0;
#else
  static_cast<void>(base);
  static_cast<void>(size);
  return true;
#endif
}

}  // namespace

std::size_t page_size() noexcept {
  static constinit std::atomic<std::size_t> known{0};
  std::size_t size = known.load(std::memory_order_relaxed);
  if (size == 0) known.store(size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), std::memory_order_relaxed);
  return size;
}

std::byte* map_guarded(std::size_t size, std::size_t boundary) noexcept {
  std::byte* base = reserve_aligned(size, boundary);
  if (base == nullptr) return nullptr;
  std::size_t guard = page_size();
  // A slab that would show up in core dumps is none: refused like one that there is no memory for.
  if (undumped(base, size) && ::mprotect(base + guard, size - 2 * guard, PROT_READ | PROT_WRITE) == 0) return base;
  unmap(base, size);
  return nullptr;
}

void* map(std::size_t size) noexcept {
  return map_anonymous(size, PROT_READ | PROT_WRITE);
}

void unmap(void* base, std::size_t size) noexcept {
  // Ends at the edges of mappings or trims one, never splits one in two: so the limit on mappings cannot
  // refuse it.
  [[maybe_unused]] int failed = ::munmap(base, size);
  assert(failed == 0);
}

bool lock(void* base, std::size_t size) noexcept {
  return ::mlock(base, size) == 0;
}

}  // namespace locket::inline v1::pages
