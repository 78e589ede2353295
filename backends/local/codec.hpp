#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "crypto/bytes.hpp"

/// The bytes of the format: integers big-endian, lp16(x) = u16 length ‖ x.
namespace locket::inline v1::local {

using crypto::Bytes;
using crypto::bytes_of;
using crypto::Digest;

/// Identifies a store; random, and part of everything that is sealed in it.
using StoreId = std::array<std::byte, 16>;

/// Bytes as text, for those who take text.
inline std::string_view text_of(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Writes `value` to `out`, most significant byte first.
template <class T>
constexpr void store_big_endian(T value, std::byte* out) noexcept {
  auto rest = static_cast<std::make_unsigned_t<T>>(value);
  for (std::size_t i = sizeof(T); i-- > 0; rest = static_cast<decltype(rest)>(std::uint64_t{rest} >> 8)) {
    out[i] = static_cast<std::byte>(rest & 0xff);
  }
}

template <class T>
constexpr T load_big_endian(const std::byte* in) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8 | static_cast<std::uint64_t>(in[i]);
  return static_cast<T>(value);
}

/// Appends to a std::string, or to a SecretBuffer for what must not be left behind.
template <class Out>
class Writer {
 public:
  explicit Writer(Out& out) noexcept : out_(out) {}

  template <class T>
  Writer& number(T value) {
    std::array<std::byte, sizeof(T)> bytes;
    store_big_endian(value, bytes.data());
    return raw(bytes);
  }
  Writer& raw(Bytes bytes) { return out_.append(text_of(bytes)), *this; }
  Writer& raw(std::string_view text) { return out_.append(text), *this; }
  /// At most 65,535 bytes, which the caller sees to.
  Writer& lp16(std::string_view text) { return number(static_cast<std::uint16_t>(text.size())).raw(text); }

 private:
  Out& out_;
};

/// Takes bytes apart. What is missing reads as zeros and is remembered: ask `complete()` at the end.
class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : rest_(bytes) {}

  template <class T>
  T number() noexcept {
    const Bytes bytes = raw(sizeof(T));
    return bytes.size() == sizeof(T) ? load_big_endian<T>(bytes.data()) : T{};
  }
  /// Empty when there are not so many.
  Bytes raw(std::size_t size) noexcept {
    if (size > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const Bytes bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
  }
  template <std::size_t size>
  std::array<std::byte, size> array() noexcept {
    std::array<std::byte, size> bytes{};
    const Bytes found = raw(size);
    for (std::size_t i = 0; i < found.size(); ++i) bytes[i] = found[i];
    return bytes;
  }
  std::string_view lp16() noexcept { return text_of(raw(number<std::uint16_t>())); }

  std::size_t left() const noexcept { return rest_.size(); }
  bool failed() const noexcept { return failed_; }
  /// Whether everything was there, and nothing is left.
  bool complete() const noexcept { return !failed_ && rest_.empty(); }

 private:
  Bytes rest_;
  bool failed_ = false;
};

}  // namespace locket::inline v1::local
