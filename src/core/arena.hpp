#pragma once

#include <cstddef>

/// The memory that secrets live in: slabs of 256 KiB between two guard pages, cut into blocks of one size
/// each.
///
/// Slabs are excluded from core dumps, and locked as far as the system's limit allows; beyond it they work
/// unlocked. Bigger blocks have a guarded mapping of their own. One mutex, held for a few instructions (and
/// for a few system calls when a slab begins). The state belongs to one process (`process_epoch`): a forked
/// child makes a fresh one without touching a lock that another thread held when it forked, reads the blocks
/// that it inherited, and wipes them when they are released; it does not use them again, because the lists
/// they are on may be half written.
namespace locket::inline v1::arena {

/// What the arena holds in this process, in bytes where not said otherwise.
struct Statistics {
  std::size_t slabs = 0;   ///< How many mappings, those of single big blocks included.
  std::size_t mapped = 0;  ///< Address space, guard pages included.
  std::size_t locked = 0;
  std::size_t in_use = 0;  ///< Sum of the blocks handed out.
};

/// A block of at least `bytes` bytes (1 or more), all zero, aligned for 16. Throws `std::bad_alloc`.
[[nodiscard]] void* allocate(std::size_t bytes);

/// Wipes the block and takes it back. `bytes` is what it was allocated with, or less if it was `rounded` up.
void release(void* block, std::size_t bytes) noexcept;

/// How many bytes a block for `bytes` (1 or more) really has: to be asked for when all of them are of use.
/// Throws `std::bad_alloc` for sizes that no machine has.
[[nodiscard]] std::size_t rounded(std::size_t bytes);

/// Counted exactly; may be called from any thread. Throws `std::bad_alloc` in a forked child without memory.
[[nodiscard]] Statistics statistics();

}  // namespace locket::inline v1::arena
