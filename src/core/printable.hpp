#pragma once

#include <string>
#include <string_view>

namespace locket::inline v1 {

/// `text` with every control character and byte outside ASCII written as \xNN: what comes from outside (a file's
/// name, a field's name) must not forge lines or move the cursor where an error or a list is read.
inline std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (char c : text) {
    if (c >= ' ' && c < '\x7f') {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += {'\\', 'x', digits[byte >> 4U], digits[byte & 0xfU]};
  }
  return result;
}

}  // namespace locket::inline v1
