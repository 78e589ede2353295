#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outline.hpp"

namespace locket::cli {

/// The script that teaches a shell (bash, zsh, fish) the commands, their options, and the names in the store. None for
/// another shell.
std::optional<std::string> completion_script(std::string_view shell, const std::vector<CommandOutline>& commands);

}  // namespace locket::cli
