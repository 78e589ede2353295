#pragma once

#include <algorithm>
#include <string_view>

namespace locket::inline v1 {

/// A letter of ASCII in lower case, anything else as it is; whatever the locale.
constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether two texts are the same but for the case of ASCII's letters, as the names of headers are compared.
inline bool same_but_for_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

}  // namespace locket::inline v1
