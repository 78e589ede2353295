#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <locket/password.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

#include "session.hpp"

namespace locket::cli {

/// Where a value comes from: a file, a generator, standard input when something is piped into it, or the terminal.
/// Never the command line, which `ps` and the shell's history show.
struct ValueSource {
  std::string from_file = {};
  std::string generate = {};
  bool chomp = false;

  /// Whether the value is the same however often it is asked for, and so cannot be several values.
  bool is_one_value() const;
};

/// --from-file, --generate and --chomp.
void add_options(CLI::App& command, ValueSource& source);
/// --generate alone.
CLI::Option* add_generate(CLI::App& command, std::string& spec);

/// "length=32,charset=SET" in any order, each at most once, `charset` last when its characters hold a comma: alnum (the
/// default), hex, ascii, or the characters themselves. InvalidArgument.
Result<PasswordSpec> parse_password_spec(std::string_view text);

/// Gets the value; `what` is it for the prompt ("db/password"). Cancelled, InvalidArgument (nothing was given), and as
/// reading a file.
Result<SecretValue> read_value(const Session& session, const ValueSource& source, const std::string& what);

/// A passphrase: a line from standard input when something is piped into it, else asked for twice.
Result<SecretValue> read_new_passphrase(const Session& session);

}  // namespace locket::cli
