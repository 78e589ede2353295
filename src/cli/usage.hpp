#pragma once

#include <CLI/CLI.hpp>

#include <locket/error.hpp>

namespace locket::cli {

/// What is wrong with a command line that CLI11 refused. Arguments are quoted only where they cannot be a value that
/// was meant to be secret: commands' and options' names.
Error explain_usage(const CLI::App& root, const CLI::ParseError& failure);

}  // namespace locket::cli
