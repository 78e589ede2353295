#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <locket/wipe.hpp>

namespace locket::inline v1::crypto {

/// `size` bytes that are zeros at first, and zeros again when they go: for what must not stay behind on the stack.
/// Moving copies, and wipes the source. Thread safety: as for a std::array.
template <std::size_t size>
class Wiped {
 public:
  Wiped() noexcept = default;
  Wiped(Wiped&& other) noexcept : bytes_(other.bytes_) { other.clear(); }
  Wiped& operator=(Wiped&& other) noexcept {
    if (this == &other) return *this;
    bytes_ = other.bytes_;
    other.clear();
    return *this;
  }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { clear(); }

  void clear() noexcept { wipe(bytes_.data(), size); }
  std::span<std::byte, size> bytes() noexcept { return bytes_; }
  std::span<const std::byte, size> bytes() const noexcept { return bytes_; }

 private:
  std::array<std::byte, size> bytes_{};
};

}  // namespace locket::inline v1::crypto
