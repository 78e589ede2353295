#pragma once

#include <string>
#include <vector>

#include "outline.hpp"

namespace locket::cli {

/// The manual page, locket(1), in man(7)'s language.
std::string manual_page(const std::vector<CommandOutline>& commands);

}  // namespace locket::cli
