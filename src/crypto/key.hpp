#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <locket/random.hpp>
#include <locket/result.hpp>

#include "crypto/wiped.hpp"

namespace locket::inline v1::crypto {

/// 32 secret bytes: a root key, a key derived from one, a data key. Wiped when it goes and when it is moved from; a
/// moved-from Key may only be assigned to or destroyed. Held in place and not in the arena: a key at work is copied
/// into OpenSSL's contexts, which are outside of it anyway. Thread safety: as for a std::array.
class Key {
 public:
  static constexpr std::size_t size = 32;

  explicit Key(std::span<const std::byte, size> bytes) noexcept;

  /// A Key that `fill` writes, given `std::span<std::byte, 32>`. Its error is returned, so that a key that was not
  /// (or only partly) written is never seen.
  template <class Fill>
  static Result<Key> make(Fill&& fill) {
    Key key;
    Result<void> filled = std::forward<Fill>(fill)(key.bytes_.bytes());
    if (!filled) return std::move(filled).error();
    return key;
  }

  /// A new key from `random`. Errors: `random`'s.
  static Result<Key> generate(RandomSource& random);

  /// Another Key with the same bytes.
  Key clone() const noexcept { return Key(bytes()); }

  std::span<const std::byte, size> bytes() const noexcept { return bytes_.bytes(); }

  /// In constant time.
  friend bool operator==(const Key& a, const Key& b) noexcept;

 private:
  Key() noexcept = default;

  Wiped<size> bytes_;
};

}  // namespace locket::inline v1::crypto
