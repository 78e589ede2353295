#pragma once

#include <cstddef>
#include <string_view>

namespace locket::inline v1::resolver {

struct CodePoint {
  char32_t value = 0;
  /// In bytes; 0 where there is no UTF-8.
  std::size_t size = 0;
};

/// The code point that begins at the byte `at` of `text`. By RFC 3629: neither overlong forms nor surrogates.
inline CodePoint code_point_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {.value = first, .size = 1};
  const auto size = std::size_t{2} + std::size_t{first >= 0xE0} + std::size_t{first >= 0xF0};
  if (first < 0xC2 || first > 0xF4 || size > text.size() - at) return {};
  char32_t value = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return overlong || surrogate || value > 0x10FFFF ? CodePoint{} : CodePoint{.value = value, .size = size};
}

inline bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = code_point_at(text, at).size;
    if (size == 0) return false;
    at += size;
  }
  return true;
}

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Whether the text begins with a byte order mark of UTF-16 or UTF-32, as some editors of Windows write it.
inline bool is_utf16(std::string_view text) noexcept {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

}  // namespace locket::inline v1::resolver
