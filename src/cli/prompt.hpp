#pragma once

#include <string>

#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::cli {

/// Whether there is a terminal to ask at, wherever standard input and output go.
bool can_ask() noexcept;

/// Asks at the terminal for something that is not shown. Cancelled: Ctrl-C, or the end of input.
Result<SecretValue> ask_hidden(const std::string& question);
/// Asks twice. InvalidArgument: the two answers differ, or nothing was typed.
Result<SecretValue> ask_hidden_twice(const std::string& question);
/// Asks for "yes". Cancelled when it is anything else.
Result<void> ask_for_yes(const std::string& question);

}  // namespace locket::cli
