#pragma once

#include <cstddef>
#include <string_view>

#include <locket/result.hpp>

#include "crypto/key.hpp"
#include "crypto/wiped.hpp"

namespace locket::inline v1::crypto {

/// How a key is written down, so that a password of 32 characters is never taken for one:
///
///     locket-key-1: ‖ base64url(key[32] ‖ SHA-256(key)[0..4]) ‖ newline
///
/// 13 + 48 + 1 bytes; the 36 bytes make 48 characters without padding.
inline constexpr std::size_t key_text_size = 62;

/// A key's text; wiped when it goes.
class KeyText {
 public:
  /// All 62 bytes, the newline too.
  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(text_.bytes().data()), key_text_size};
  }

 private:
  friend Result<KeyText> encode_key(const Key& key);
  KeyText() noexcept = default;

  Wiped<key_text_size> text_;
};

/// Internal when OpenSSL fails. Thread-safe, as are the next two.
Result<KeyText> encode_key(const Key& key);

/// The key in a key file's whole contents: one line as above, and not a byte more or less. InvalidArgument (reason
/// "local.key_file_format") otherwise; the message says what is wrong in kind, and nothing of the text.
Result<Key> parse_key_file(std::string_view contents);

/// The key in an environment variable: the same line, with or without its newline (shells cut it off), or 64
/// hexadecimal digits of either case. InvalidArgument (reason "local.key_file_format") otherwise.
Result<Key> parse_key_variable(std::string_view value);

}  // namespace locket::inline v1::crypto
