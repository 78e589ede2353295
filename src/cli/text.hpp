#pragma once

#include <string>
#include <string_view>

namespace locket::cli {

/// `text` with every control character and byte outside ASCII written as \xNN: what a user typed, or a file holds, must
/// not forge lines or move the cursor where an error is read.
std::string printable(std::string_view text);

/// In single quotes of any shell; `quote` is how one is written between them.
std::string in_quotes(std::string_view text, std::string_view quote = "'\\''");

/// `text` as one word of a shell's command: in single quotes, unless no character of it means anything to a shell.
std::string shell_word(std::string_view text);

/// "1 secret", "2 secrets".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace locket::cli
