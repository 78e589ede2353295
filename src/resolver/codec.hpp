#pragma once

#include <string_view>

#include <locket/secret_buffer.hpp>

/// Encodings of `enc` and `decode`. All append to `out`, in the arena; what returns false may have appended a part.
namespace locket::inline v1::resolver {

/// RFC 4648 with either alphabet (not both), padding or not; blanks and line breaks are skipped. False for anything
/// else, bits behind the last byte that are not zero among it.
bool decode_base64(std::string_view text, SecretBuffer& out);
/// Two digits a byte, in either case; blanks and line breaks are skipped.
bool decode_hex(std::string_view text, SecretBuffer& out);

/// RFC 4648, section 4, with padding.
void encode_base64(std::string_view bytes, SecretBuffer& out);
/// All but RFC 3986's unreserved characters as %XX.
void percent_encode(std::string_view bytes, SecretBuffer& out);
/// 'one word': a single quote inside becomes '\''.
void shell_quote(std::string_view text, SecretBuffer& out);

}  // namespace locket::inline v1::resolver
