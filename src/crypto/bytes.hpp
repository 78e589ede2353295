#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

namespace locket::inline v1::crypto {

/// Bytes that are only read. An empty span may have a null pointer.
using Bytes = std::span<const std::byte>;
/// Several pieces, taken as if they stood one after the other: `{label, name}`.
using Parts = std::initializer_list<Bytes>;
/// What SHA-256 and HMAC-SHA256 give.
using Digest = std::array<std::byte, 32>;

/// The bytes of a text.
inline Bytes bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text));
}

/// Bytes to read, and room to write to, the way OpenSSL wants them.
inline const unsigned char* data_of(Bytes bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* room_of(std::span<std::byte> bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace locket::inline v1::crypto
