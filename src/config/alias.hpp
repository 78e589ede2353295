#pragma once

#include <algorithm>
#include <string_view>

namespace locket::inline v1::config {

/// As references name stores: a letter, then letters, digits, '-' and '_'. Environments are named by the same rule.
inline bool is_alias(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto belongs = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, belongs);
}

/// Every URL has a ':', and no alias has one.
inline bool is_url(std::string_view text) {
  return text.find(':') != std::string_view::npos;
}

/// What LOCKET_STORE may be instead of a URL or an alias.
inline constexpr std::string_view detection = "auto";

}  // namespace locket::inline v1::config
