#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <locket/resolver/format.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::cli {

/// A file that may hold references.
struct Document {
  /// For errors: its path as it was given, or "<stdin>".
  std::string name = {};
  resolver::FormatPtr format = {};
  SecretBuffer text = {};
};

namespace option {
/// --format auto|json|yaml|toml|env|text.
CLI::Option* document_format(CLI::App& command, std::string& format);
}  // namespace option

/// Reads a file, "-" being standard input. `format` is "auto" (or empty) or one of the option's others. With "auto" the
/// name tells it, or else that of `result`, the file that the outcome is written to, if there is one. InvalidArgument,
/// before anything is read: neither does. Errors of the file as read_file.
Result<Document> read_document(const std::string& path, const std::string& format, const std::string& result = {});

}  // namespace locket::cli
