#pragma once

#include <string>
#include <string_view>

namespace locket::cli {

/// `text` with every control character and byte outside ASCII written as \xNN: what a user typed, or a file holds, must
/// not forge lines or move the cursor where an error is read.
std::string printable(std::string_view text);

/// "1 secret", "2 secrets".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace locket::cli
