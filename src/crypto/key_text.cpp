#include "crypto/key_text.hpp"

#include <algorithm>

#include <openssl/evp.h>

#include "crypto/bytes.hpp"
#include "crypto/equal.hpp"
#include "crypto/openssl.hpp"
#include "crypto/sha256.hpp"

namespace locket::inline v1::crypto {
namespace {

constexpr std::string_view label = "locket-key-1:";
constexpr std::size_t checksum_size = 4;
constexpr std::size_t raw_size = Key::size + checksum_size;
constexpr std::size_t base64_size = raw_size / 3 * 4;
constexpr std::size_t line_size = label.size() + base64_size;
static_assert(raw_size % 3 == 0, "so that there is no padding, and one text only for each key");
static_assert(line_size + 1 == key_text_size);

Error refused(std::string_view what) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "local.key_file_format",
                .message = "this is not a key: " + std::string(what),
                .hint = "a key is one line, 'locket-key-1:' and 48 characters, as creating a store writes it"});
}

bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

char ordinary_of(char c) {
  if (c == '-') return '+';
  return c == '_' ? '/' : c;
}

// -1 for what is no hexadecimal digit.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// OpenSSL decodes the ordinary alphabet only, and skips blanks, which is_base64url keeps from it.
Result<Wiped<raw_size>> decode(std::string_view text) {
  if (text.size() != base64_size) return refused("it has too few or too many characters");
  Wiped<base64_size> ordinary;
  for (std::size_t i = 0; i < base64_size; ++i) {
    const char c = text[i];
    if (!is_base64url(c)) return refused("a character in it is not one of A-Z a-z 0-9 - _");
    ordinary.bytes()[i] = static_cast<std::byte>(ordinary_of(c));
  }
  Wiped<raw_size> raw;
  const int n = EVP_DecodeBlock(room_of(raw.bytes()), data_of(ordinary.bytes()), base64_size);
  if (n != static_cast<int>(raw_size)) return openssl_error("EVP_DecodeBlock");
  return raw;
}

Result<Key> parse_line(std::string_view line) {
  if (!line.starts_with(label)) return refused("it does not begin with 'locket-key-1:'");
  Result<Wiped<raw_size>> raw = decode(line.substr(label.size()));
  if (!raw) return std::move(raw).error();
  const Bytes bytes = raw->bytes();
  Key key(bytes.first<Key::size>());
  Result<Digest> digest = sha256({key.bytes()});
  if (!digest) return std::move(digest).error();
  if (!constant_time_equal(bytes.last<checksum_size>(), Bytes(*digest).first<checksum_size>())) {
    return refused("its checksum does not match; a character was lost or changed");
  }
  return key;
}

Result<void> from_hex(std::string_view digits, std::span<std::byte, Key::size> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_value(digits[2 * i]);
    const int low = hex_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return refused("a character in it is not a hexadecimal digit");
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return {};
}

}  // namespace

Result<KeyText> encode_key(const Key& key) {
  Result<Digest> digest = sha256({key.bytes()});
  if (!digest) return std::move(digest).error();
  Wiped<raw_size> raw;
  std::ranges::copy(key.bytes(), raw.bytes().begin());
  std::ranges::copy(Bytes(*digest).first<checksum_size>(), raw.bytes().begin() + Key::size);
  Wiped<base64_size + 1> encoded;  // OpenSSL ends it with a NUL
  const int n = EVP_EncodeBlock(room_of(encoded.bytes()), data_of(raw.bytes()), raw_size);
  if (n != static_cast<int>(base64_size)) return openssl_error("EVP_EncodeBlock");

  KeyText text;
  const std::span<std::byte> out = text.text_.bytes();
  std::ranges::copy(bytes_of(label), out.begin());
  std::ranges::copy(encoded.bytes().first<base64_size>(), out.begin() + label.size());
  std::ranges::replace(out, std::byte{'+'}, std::byte{'-'});
  std::ranges::replace(out, std::byte{'/'}, std::byte{'_'});
  out.back() = std::byte{'\n'};
  return text;
}

Result<Key> parse_key_file(std::string_view contents) {
  if (!contents.ends_with('\n')) return refused("it does not end with a newline");
  contents.remove_suffix(1);
  return parse_line(contents);
}

Result<Key> parse_key_variable(std::string_view value) {
  if (value.size() == 2 * Key::size) {
    return Key::make([&](std::span<std::byte, Key::size> out) { return from_hex(value, out); });
  }
  if (value.ends_with('\n')) value.remove_suffix(1);
  return parse_line(value);
}

}  // namespace locket::inline v1::crypto
