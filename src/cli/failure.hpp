#pragma once

#include <string>

#include <locket/result.hpp>
#include <locket/store.hpp>

namespace locket::cli {

/// What the program exits with when the error is its result. They are fixed: scripts rely on them.
int exit_status(const Error& error) noexcept;

/// What people read on standard error: "locket: …", and "hint: …" on a line of its own. An error that stands for
/// several tells each.
std::string explain(const Error& error, bool colour);

/// NotSupported: the store that is chosen is read only.
Error read_only(const SecretStore& store);
/// InvalidArgument: the user's mistake.
Error usage(std::string message, std::string hint = {});
/// Cancelled: the user's wish.
Error cancelled(std::string message, std::string hint = {});
/// What a system call said, in words: "cannot read 'a': No such file or directory".
Error system_failure(const std::string& what, int error);

}  // namespace locket::cli
