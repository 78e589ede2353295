#include "resolver/shape.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include <locket/secret_buffer.hpp>

#include "resolver/codec.hpp"
#include "resolver/json_text.hpp"

namespace locket::inline v1::resolver {
namespace {

bool is_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.front() == '0' && text.size() > 1)) return false;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

void own(Shaped& value, SecretBuffer&& text) {
  value.owned = std::move(text).finish();
  value.view = value.owned.expose();
}

bool decode(Reference::Decoding decoding, Shaped& value, Wrong& wrong) {
  if (decoding == Reference::Decoding::None) return true;
  const bool base64 = decoding == Reference::Decoding::Base64;
  SecretBuffer decoded;
  if (base64 ? decode_base64(value.view, decoded) : decode_hex(value.view, decoded)) {
    own(value, std::move(decoded));
    return true;
  }
  wrong = {.reason = "reference.decode",
           .message = fmt::format("the value is not {}", base64 ? "base64" : "hexadecimal"),
           .hint = "remove 'decode', or store the value so encoded"};
  return false;
}

std::string_view without_newline(std::string_view text) {
  if (!text.ends_with('\n')) return text;
  text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Value::Kind kind_of(Reference::Type type) {
  switch (type) {
    case Reference::Type::Text: return Value::Kind::Text;
    case Reference::Type::Integer: return Value::Kind::Integer;
    case Reference::Type::Boolean: return Value::Kind::Boolean;
    case Reference::Type::Json: return Value::Kind::Json;
  }
  return Value::Kind::Text;
}

bool encode_json(const Shaped& value, SecretBuffer& out, Wrong& wrong) {
  if (value.kind != Value::Kind::Text) return out.append(value.view), true;
  if (append_json_string(value.view, out)) return true;
  wrong = {.reason = "reference.enc",
           .message = "the value is not UTF-8, which JSON's text must be",
           .hint = "write enc=base64"};
  return false;
}

bool encode_shell(const Shaped& value, SecretBuffer& out, Wrong& wrong) {
  if (value.view.find('\0') == std::string_view::npos) return shell_quote(value.view, out), true;
  wrong = {.reason = "reference.enc",
           .message = "the value holds a NUL byte, which no shell's word can",
           .hint = "write enc=base64"};
  return false;
}

bool encode_into(Reference::Encoding encoding, const Shaped& value, SecretBuffer& out, Wrong& wrong) {
  switch (encoding) {
    case Reference::Encoding::Url: percent_encode(value.view, out); return true;
    case Reference::Encoding::Base64: encode_base64(value.view, out); return true;
    case Reference::Encoding::Json: return encode_json(value, out, wrong);
    default: return encode_shell(value, out, wrong);
  }
}

// What is encoded is text, whatever it was.
bool encode(Reference::Encoding encoding, Shaped& value, Wrong& wrong) {
  if (encoding == Reference::Encoding::None) return true;
  SecretBuffer out;
  if (!encode_into(encoding, value, out, wrong)) return false;
  own(value, std::move(out));
  value.kind = Value::Kind::Text;
  return true;
}

}  // namespace

std::string_view described(Reference::Type type) {
  switch (type) {
    case Reference::Type::Integer: return "an integer";
    case Reference::Type::Boolean: return "a boolean";
    case Reference::Type::Json: return "JSON";
    default: return "text";
  }
}

std::string described_hint(Reference::Type type) {
  switch (type) {
    case Reference::Type::Integer: return "type=int takes decimal digits of a 64-bit number, without leading zeros";
    case Reference::Type::Boolean: return "type=bool takes 'true' or 'false'";
    default: return "type=json takes one JSON value in UTF-8";
  }
}

bool is_of_type(std::string_view text, Reference::Type type) {
  switch (type) {
    case Reference::Type::Integer: return is_integer(text);
    case Reference::Type::Boolean: return text == "true" || text == "false";
    case Reference::Type::Json: return is_json(text);
    default: return true;
  }
}

bool shape(const Reference& reference, Shaped& value, Wrong& wrong) {
  if (!decode(reference.decode, value, wrong)) return false;
  if (reference.trim_newline) value.view = without_newline(value.view);
  if (is_of_type(value.view, reference.type)) return shape_fallback(reference, value, wrong);
  const bool line_break = is_of_type(without_newline(value.view), reference.type);
  wrong = {.reason = "reference.type",
           .message = fmt::format("the value is not {}", described(reference.type)),
           .hint = line_break ? "it ends in a line break: add trim=nl" : described_hint(reference.type)};
  return false;
}

bool shape_fallback(const Reference& reference, Shaped& value, Wrong& wrong) {
  value.kind = kind_of(reference.type);
  return encode(reference.encode, value, wrong);
}

}  // namespace locket::inline v1::resolver
