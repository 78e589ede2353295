#pragma once

#include <string_view>

namespace locket::inline v1::config {

/// Every URL has a ':', and no alias has one.
inline bool is_url(std::string_view text) {
  return text.find(':') != std::string_view::npos;
}

/// What LOCKET_STORE may be instead of a URL or an alias.
inline constexpr std::string_view detection = "auto";

}  // namespace locket::inline v1::config
