#pragma once

#include <cstddef>

namespace locket::cli {

bool is_terminal(int fd) noexcept;

/// Columns of the terminal at `fd`; 80 when it does not say.
std::size_t terminal_width(int fd) noexcept;

/// Whether what goes to `fd` may be coloured: a terminal that can, and no NO_COLOR (no-color.org).
bool may_colour(int fd) noexcept;

/// Opens what a script may have closed, before anything else is opened: a store's file that gets the number of standard
/// output would be overwritten with results. What stands in for standard output cannot be written to, so that writing
/// fails as it should.
void open_standard_files() noexcept;

}  // namespace locket::cli
