#pragma once

#include <string_view>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

#include "resolver/reference_split.hpp"

/// JSON that is or becomes a secret: parsed in place in the arena, written into it.
namespace locket::inline v1::resolver {

/// Whether `text` is one JSON value (RFC 8259) in UTF-8, nested no deeper than 64.
bool is_json(std::string_view text);

/// A JSON string, quotes and all. False, with nothing appended, when `text` is not UTF-8.
bool append_json_string(std::string_view text, SecretBuffer& out);

/// What a JSON pointer finds.
enum class Pointed : std::uint8_t {
  Found,
  Missing,    ///< no such member or item, or it is null
  NoJson,     ///< the text is no JSON object or array
  Ambiguous,  ///< a member on the way stands twice
};

/// Follows `pointer` (RFC 6901, not empty) into `json`. A string's value is its text; a number's, true and false their
/// literal; an object's and an array's their JSON as it is written.
Pointed follow_pointer(std::string_view json, std::string_view pointer, SecretValue& value);

}  // namespace locket::inline v1::resolver
