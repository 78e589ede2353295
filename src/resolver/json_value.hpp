#pragma once

#include <cstddef>
#include <string_view>

#include <locket/export.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::resolver {

/// How a format writes on one line what JSON says.
struct JsonDialect {
  /// Between a key and its value.
  std::string_view key_sign;
  /// Before a key of more than `longest_key` bytes.
  std::string_view long_key_sign;
  std::size_t longest_key;
  bool has_null;
  /// How many collections may stand inside one another.
  std::size_t max_depth;
  /// Appends a number of JSON. What the format cannot say is the answer, nothing when it went well.
  std::string_view (*number)(std::string_view text, SecretBuffer& out);
};

/// Appends the JSON value `json` in a format's own words. The answer is empty, or why it cannot be: a clause that goes
/// on a sentence ("it nests too deep"), and then `out` is as it was. The parser works in the arena; no copy is left.
LOCKET_EXPORT std::string_view append_json(std::string_view json, const JsonDialect& dialect, SecretBuffer& out);

/// Whether `text` is an integer as JSON writes it: -12, 0.
LOCKET_EXPORT bool is_integer_literal(std::string_view text) noexcept;

}  // namespace locket::inline v1::resolver
