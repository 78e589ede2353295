#include "kv_base64.hpp"

#include <algorithm>
#include <climits>
#include <span>

#include <openssl/evp.h>

#include <locket/secret_buffer.hpp>

namespace locket::inline v1::vault {
namespace {

bool is_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

unsigned char* room_of(std::span<char> room) {
  return reinterpret_cast<unsigned char*>(room.data());
}
const unsigned char* data_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL reads blanks around the text as well, and takes any padding.
std::optional<std::size_t> padding_of(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > INT_MAX) return std::nullopt;
  const std::size_t digits = std::min(text.find('='), text.size());
  const std::string_view padding = text.substr(digits);
  const bool good =
      std::ranges::all_of(text.substr(0, digits), is_digit) && (padding.empty() || padding == "=" || padding == "==");
  return good ? std::optional(padding.size()) : std::nullopt;
}

}  // namespace

SecretValue encode_base64(std::string_view bytes) {
  SecretBuffer text;
  const std::size_t size = (bytes.size() + 2) / 3 * 4;
  const std::span<char> room = text.prepare(size + 1);  // and the NUL that OpenSSL writes
  EVP_EncodeBlock(room_of(room), data_of(bytes), static_cast<int>(bytes.size()));
  text.commit(size);
  return std::move(text).finish();
}

std::optional<SecretValue> decode_base64(std::string_view text) {
  const auto padding = padding_of(text);
  if (!padding) return std::nullopt;
  if (text.empty()) return SecretValue();
  SecretBuffer bytes;
  const std::size_t size = text.size() / 4 * 3;
  if (EVP_DecodeBlock(room_of(bytes.prepare(size)), data_of(text), static_cast<int>(text.size())) < 0) {
    return std::nullopt;
  }
  bytes.commit(size);
  bytes.truncate(size - *padding);
  SecretValue value = std::move(bytes).finish();
  // Bits behind the last byte that are not zero: another text for the same bytes.
  if (encode_base64(value.expose()).expose() != text) return std::nullopt;
  return value;
}

}  // namespace locket::inline v1::vault
