#pragma once

#include <string_view>

namespace locket::cli {

/// Writes all of it, however many calls that takes. 0, or the error's number.
int write_all(int fd, std::string_view text) noexcept;

}  // namespace locket::cli
