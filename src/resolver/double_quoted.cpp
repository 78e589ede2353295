#include "resolver/double_quoted.hpp"

#include <cstddef>

#include "resolver/code_point.hpp"

namespace locket::inline v1::resolver {
namespace {

bool is_printable(char32_t value) {
  if (value < 0x7F) return value >= ' ';
  return value >= 0xA0 && value != 0x2028 && value != 0x2029 && value != 0xFEFF && value != 0xFFFE && value != 0xFFFF;
}

// The letter behind the backslash; 0 for what has none of its own.
char short_escape(char32_t value) {
  switch (value) {
    case '\b': return 'b';
    case '\t': return 't';
    case '\n': return 'n';
    case '\f': return 'f';
    case '\r': return 'r';
    case '"': return '"';
    case '\\': return '\\';
    default: return 0;
  }
}

// What is not printable is below U+10000.
void append_escape(char32_t value, SecretBuffer& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.push_back('\\');
  if (const char letter = short_escape(value)) return out.push_back(letter);
  out.push_back('u');
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out.push_back(digits[(value >> shift) & 0xFU]);
}

}  // namespace

TextTraits traits_of(std::string_view text) noexcept {
  TextTraits traits;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.size == 0) return {.utf8 = false, .printable = false};
    traits.printable = traits.printable && is_printable(point.value);
    at += point.size;
  }
  return traits;
}

void append_double_quoted(std::string_view text, SecretBuffer& out) {
  out.push_back('"');
  std::size_t kept = 0;  // What comes before it is written.
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (!is_printable(point.value) || short_escape(point.value) != 0) {
      out.append(text.substr(kept, at - kept));
      append_escape(point.value, out);
      kept = at + point.size;
    }
    at += point.size;
  }
  out.append(text.substr(kept));
  out.push_back('"');
}

}  // namespace locket::inline v1::resolver
