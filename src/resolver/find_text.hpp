#pragma once

#include <cstddef>
#include <string_view>

namespace locket::inline v1::resolver {

/// As `text.find(wanted, from)`, at the speed of memmem(3) where the system has it: most texts hold no reference, and
/// looking for one is all that happens to them.
std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from);

}  // namespace locket::inline v1::resolver
