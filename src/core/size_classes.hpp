#pragma once

#include <bit>
#include <cstddef>

/// Which block sizes the arena cuts slabs into. Pure arithmetic.
///
/// Steps of 16 bytes up to 128, then four per doubling up to 32 KiB (at most a fifth is wasted), then a
/// seventh to the whole of a slab. `usable` is the number of bytes in a slab that blocks can take; it depends
/// on the size of pages.
namespace locket::inline v1::size_classes {

inline constexpr std::size_t alignment = 16;
inline constexpr std::size_t largest_fixed = 32768;
inline constexpr unsigned fixed = 40;  ///< Classes up to `largest_fixed`.
inline constexpr unsigned fewest = 7;  ///< Most blocks in a slab of a class beyond.
inline constexpr unsigned count = fixed + fewest;

constexpr std::size_t round_up(std::size_t bytes, std::size_t multiple) noexcept {
  return (bytes + multiple - 1) / multiple * multiple;
}

/// The class whose blocks are the smallest that hold `bytes`, which is 1 to `usable`.
constexpr unsigned class_of(std::size_t bytes, std::size_t usable) noexcept {
  if (bytes <= 128) return static_cast<unsigned>((bytes - 1) / alignment);
  if (bytes > largest_fixed) {
    auto blocks = static_cast<unsigned>(usable / round_up(bytes, alignment));
    return fixed + fewest - blocks;
  }
  auto width = static_cast<unsigned>(std::bit_width(bytes - 1));  // 8 for 129..256
  return 8 + (width - 8) * 4 + static_cast<unsigned>((bytes - 1) >> (width - 3)) % 4;
}

/// The size of the blocks of a class: a multiple of `alignment`.
constexpr std::size_t block_size(unsigned size_class, std::size_t usable) noexcept {
  if (size_class < 8) return (size_class + 1) * alignment;
  if (size_class >= fixed) return usable / (fixed + fewest - size_class) / alignment * alignment;
  return (5 + size_class % 4) << ((size_class - 8) / 4 + 5);
}

}  // namespace locket::inline v1::size_classes
