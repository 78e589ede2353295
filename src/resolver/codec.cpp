#include "resolver/codec.hpp"

#include <cstddef>
#include <cstdint>

namespace locket::inline v1::resolver {
namespace {

constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::uint32_t none = 0xff;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::uint32_t base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : none;
}

std::uint32_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a') + 10;
  return c >= 'A' && c <= 'F' ? static_cast<std::uint32_t>(c - 'A') + 10 : none;
}

void push(SecretBuffer& out, std::uint32_t byte) {
  out.push_back(static_cast<char>(byte & 0xffU));
}

// Reads digit after digit and knows at the end whether they made whole bytes.
class Base64Reader {
 public:
  explicit Base64Reader(SecretBuffer& out) : out_(out) {}

  bool take(char c) {
    if (is_space(c)) return true;
    if (c == '=') return ++padding_ <= 2;
    standard_ |= c == '+' || c == '/';
    url_safe_ |= c == '-' || c == '_';
    const std::uint32_t digit = base64_digit(c);
    if (digit == none || padding_ > 0 || (standard_ && url_safe_)) return false;
    bits_ = (bits_ << 6U) | digit;
    ++digits_;
    held_ += 6;
    if (held_ >= 8) push(out_, bits_ >> (held_ -= 8));
    return true;
  }
  bool finish() const {
    const bool padded = padding_ == 0 || (digits_ + padding_) % 4 == 0;
    return digits_ % 4 != 1 && padded && (bits_ & ((1U << held_) - 1U)) == 0;
  }

 private:
  SecretBuffer& out_;
  std::uint32_t bits_ = 0;
  std::uint32_t held_ = 0;
  std::size_t digits_ = 0;
  std::size_t padding_ = 0;
  bool standard_ = false;
  bool url_safe_ = false;
};

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

bool decode_base64(std::string_view text, SecretBuffer& out) {
  Base64Reader reader(out);
  for (const char c : text) {
    if (!reader.take(c)) return false;
  }
  return reader.finish();
}

bool decode_hex(std::string_view text, SecretBuffer& out) {
  std::uint32_t first = none;
  for (const char c : text) {
    if (is_space(c)) continue;
    const std::uint32_t digit = hex_digit(c);
    if (digit == none) return false;
    if (first == none) {
      first = digit;
    } else {
      push(out, (first << 4U) | digit);
      first = none;
    }
  }
  return first == none;
}

void encode_base64(std::string_view bytes, SecretBuffer& out) {
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = (bits << 8U) | (at + i < bytes.size() ? static_cast<std::uint8_t>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const bool is_padding = at + i > bytes.size();
      out.push_back(is_padding ? '=' : base64_alphabet[(bits >> (18U - 6U * i)) & 63U]);
    }
  }
}

void percent_encode(std::string_view bytes, SecretBuffer& out) {
  for (const char c : bytes) {
    if (is_unreserved(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back('%');
    out.push_back(hex_digits[byte >> 4U]);
    out.push_back(hex_digits[byte & 0xfU]);
  }
}

void shell_quote(std::string_view text, SecretBuffer& out) {
  out.push_back('\'');
  for (const char c : text) {
    if (c == '\'') {
      out.append("'\\''");
    } else {
      out.push_back(c);
    }
  }
  out.push_back('\'');
}

}  // namespace locket::inline v1::resolver
