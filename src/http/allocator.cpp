#include "http/allocator.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <locket/wipe.hpp>

namespace locket::inline v1::http::wiping {
namespace {

// Before each block stands its size, so that all of it can be wiped.
constexpr std::size_t head = alignof(std::max_align_t);
constinit std::atomic<std::size_t> given{0};

std::byte* begin_of(void* block) noexcept {
  return static_cast<std::byte*>(block) - head;
}

std::size_t size_of(void* block) noexcept {
  std::size_t size = 0;
  std::memcpy(&size, begin_of(block), sizeof size);
  return size;
}

}  // namespace

void* allocate(std::size_t size) {
  if (size > std::numeric_limits<std::size_t>::max() - head) return nullptr;
  auto* const begin = static_cast<std::byte*>(std::malloc(head + size));
  if (begin == nullptr) return nullptr;
  std::memcpy(begin, &size, sizeof size);
  given.fetch_add(1, std::memory_order_relaxed);
  return begin + head;
}

void* allocate_zeroed(std::size_t count, std::size_t size) {
  if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size) return nullptr;
  void* const block = allocate(count * size);
  if (block != nullptr) std::memset(block, 0, count * size);
  return block;
}

void* reallocate(void* block, std::size_t size) {
  void* const fresh = allocate(size);
  if (fresh == nullptr || block == nullptr) return fresh;
  std::memcpy(fresh, block, std::min(size, size_of(block)));
  release(block);
  return fresh;
}

char* duplicate(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  void* const block = allocate(size);
  if (block != nullptr) std::memcpy(block, text, size);
  return static_cast<char*>(block);
}

void release(void* block) {
  if (block == nullptr) return;
  wipe(block, size_of(block));
  std::free(begin_of(block));
}

std::size_t count() noexcept {
  return given.load(std::memory_order_relaxed);
}

}  // namespace locket::inline v1::http::wiping
