#pragma once

#include <cstddef>

/// What the arena asks of the operating system, and the only file to write again for another one. Written for
/// POSIX; run on Linux only so far. macOS cannot exclude memory from core dumps (`undumped` is a no-op there:
/// untested); Windows needs VirtualAlloc2 and VirtualLock: not written.
namespace locket::inline v1::pages {

/// Bytes in a page, a power of two.
[[nodiscard]] std::size_t page_size() noexcept;

/// Maps `size` bytes, zeroed and kept out of core dumps, at a multiple of `boundary`; the first and the last
/// page trap when touched. Both sizes are multiples of the page, `boundary` a power of two. Null when the
/// system has none.
[[nodiscard]] std::byte* map_guarded(std::size_t size, std::size_t boundary) noexcept;

/// Maps `size` bytes, zeroed. Null when the system has none.
[[nodiscard]] void* map(std::size_t size) noexcept;

/// Gives back what one of the two above mapped, with the same `size`.
void unmap(void* base, std::size_t size) noexcept;

/// Keeps the pages from being swapped; false when the system's limit (RLIMIT_MEMLOCK) is reached.
[[nodiscard]] bool lock(void* base, std::size_t size) noexcept;

}  // namespace locket::inline v1::pages
