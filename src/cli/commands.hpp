#pragma once

#include <span>

namespace locket::cli {

class Program;

/// Adds one command, or a group of them, to the program.
using AddCommands = void (*)(Program&);

/// What was listed in CMakeLists.txt, in its order, which is the help's.
std::span<const AddCommands> command_table();

}  // namespace locket::cli
