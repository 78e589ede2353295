#include "crypto/key.hpp"

#include <algorithm>

#include "crypto/equal.hpp"

namespace locket::inline v1::crypto {

Key::Key(std::span<const std::byte, size> bytes) noexcept {
  std::ranges::copy(bytes, bytes_.bytes().begin());
}

Result<Key> Key::generate(RandomSource& random) {
  return make([&](std::span<std::byte, size> out) { return random.fill(out); });
}

bool operator==(const Key& a, const Key& b) noexcept {
  return constant_time_equal(a.bytes(), b.bytes());
}

}  // namespace locket::inline v1::crypto
