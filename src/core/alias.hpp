#pragma once

#include <algorithm>
#include <string_view>

namespace locket::inline v1 {

/// How stores are named in configuration and in references: a letter, then letters, digits, '-' and '_'.
inline bool is_alias(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto belongs = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, belongs);
}

}  // namespace locket::inline v1
