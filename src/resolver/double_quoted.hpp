#pragma once

#include <string_view>

#include <locket/export.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::resolver {

/// What a text needs in order to stand in a document.
struct TextTraits {
  bool utf8 = true;
  /// Nothing has to be escaped but quotes and backslashes: no control character, tab or line break of any kind, no byte
  /// order mark, nothing that Unicode calls a noncharacter in its first plane.
  bool printable = true;
};
LOCKET_EXPORT TextTraits traits_of(std::string_view text) noexcept;

/// Appends `text`, which is UTF-8, in double quotes and with the escapes that JSON, YAML (1.1 and 1.2) and TOML read
/// alike: \b \t \n \f \r \" \\ and \uXXXX for whatever is not printable.
LOCKET_EXPORT void append_double_quoted(std::string_view text, SecretBuffer& out);

}  // namespace locket::inline v1::resolver
