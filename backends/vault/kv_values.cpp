#include "kv_values.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/json_arena.hpp"
#include "core/printable.hpp"
#include "kv_base64.hpp"

namespace locket::inline v1::vault {
namespace {

using http::Json;

constexpr std::string_view text_member = "value";
constexpr std::string_view bytes_member = "value_base64";

Error bad_fields(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.fields",
                .message = std::move(message),
                .hint = std::move(hint)});
}

// The bytes that an object stands for; none when it is fields.
std::optional<SecretValue> bytes_in(const Json::Value& object) {
  const auto members = object.children();
  if (members.size() != 1) return std::nullopt;
  const Json::Value& member = members.front();
  if (!member.is(Json::Kind::String)) return std::nullopt;
  if (member.name() == text_member) return SecretValue(member.text());
  if (member.name() != bytes_member) return std::nullopt;
  return decode_base64(member.text());
}

// What people call text: they see it in Vault's own tools as it is.
bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
  });
}

// False when the text is not UTF-8; what was written is then worth nothing.
bool write_member(SecretBuffer& object, std::string_view name, std::string_view text) {
  json_arena::BufferStream stream{object};
  json_arena::Writer writer(stream);
  writer.StartObject();
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  const bool good = writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return good && writer.EndObject();
}

SecretBuffer bytes_object(std::string_view bytes) {
  SecretBuffer object;
  if (is_plain(bytes) && write_member(object, text_member, bytes)) return object;
  object.clear();
  write_member(object, bytes_member, encode_base64(bytes).expose());
  return object;
}

void write_name(json_arena::Writer& writer, std::string_view name) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void write_raw(json_arena::Writer& writer, const Json::Value& value) {
  writer.RawValue(value.raw().data(), value.raw().size(), rapidjson::kObjectType);
}

// RFC 7396, 2. Both were parsed, so their nesting is bounded.
void write_patched(json_arena::Writer& writer, const Json::Value& object, const Json::Value& patch) {
  if (!patch.is(Json::Kind::Object)) return write_raw(writer, patch);
  // What is patched with members and is no object becomes one.
  const Json::Value before = object.is(Json::Kind::Object) ? object : Json::Value();
  writer.StartObject();
  for (const Json::Value& member : before.children()) {
    const Json::Value change = patch[member.name()];
    if (change.is(Json::Kind::Null)) continue;
    write_name(writer, member.name());
    change ? write_patched(writer, member, change) : write_raw(writer, member);
  }
  for (const Json::Value& change : patch.children()) {
    if (!change || !before[change.name()].is(Json::Kind::Absent)) continue;
    write_name(writer, change.name());
    write_patched(writer, {}, change);
  }
  writer.EndObject();
}

// The name of a field with a number that would come back as another one.
std::optional<std::string> first_rounded(const Json::Value& value) {
  for (const Json::Value& member : value.children()) {
    const bool rounded = member.is(Json::Kind::Number) && !survives(member.text());
    if (rounded || first_rounded(member)) return printable(member.name());
  }
  return std::nullopt;
}

Result<void> check_object(const Json::Value& object) {
  if (!object.is(Json::Kind::Object)) return bad_fields("the fields are no JSON object", "put one JSON object");
  if (bytes_in(object)) {
    return bad_fields(fmt::format("the only field is called '{}', as plain bytes are kept in Vault",
                                  object.children().front().name()),
                      "put the value itself as bytes, or name the field otherwise");
  }
  if (const auto field = first_rounded(object)) {
    return bad_fields(fmt::format("the field '{}' holds a number that Vault would round", *field),
                      "put it as text, in quotes");
  }
  return {};
}

struct Decimal {
  std::size_t significant = 0;  // digits, without zeros before and behind
  std::int64_t magnitude = 0;   // the power of ten of the first of them
};

// Of the digits before an exponent; zeros before and behind them count nothing.
Decimal decimal_of_mantissa(std::string_view mantissa) noexcept {
  Decimal result;
  std::int64_t before = 0;  // digits before the point, from the first significant one on
  std::size_t zeros = 0;    // that may turn out to stand behind
  bool point = false;
  for (const char c : mantissa) {
    if (c == '.') point = true;
    if (c < '0' || c > '9') continue;
    if (c == '0' && result.significant == 0) {
      before -= point ? 1 : 0;
      continue;
    }
    before += point ? 0 : 1;
    zeros = c == '0' ? zeros + 1 : 0;
    result.significant += 1;
  }
  result.significant -= zeros;
  result.magnitude = before - 1;
  return result;
}

// `number` is one of JSON's grammar.
Decimal decimal_of(std::string_view number) noexcept {
  constexpr std::int64_t beyond = 1'000'000;
  const std::size_t mantissa = std::min(number.find_first_of("eE"), number.size());
  Decimal result = decimal_of_mantissa(number.substr(0, mantissa));
  if (mantissa == number.size()) return result;
  std::string_view text = number.substr(mantissa + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  const bool fits = error == std::errc() && exponent > -beyond && exponent < beyond;
  result.magnitude += fits ? exponent : beyond;
  return result;
}

}  // namespace

SecretBuffer write_body(std::string_view object, std::optional<std::uint64_t> cas) {
  SecretBuffer body;
  body.reserve(object.size() + 64);
  body.append(R"({"data":)");
  body.append(object);
  if (cas) body.append(fmt::format(R"(,"options":{{"cas":{}}})", *cas));
  body.append("}");
  return body;
}

SecretBuffer patched(Json::Value object, Json::Value patch) {
  SecretBuffer text;
  json_arena::BufferStream stream{text};
  json_arena::Writer writer(stream);
  write_patched(writer, object, patch);
  return text;
}

// Every decimal of at most 15 digits within a double's range is the shortest text of the double next to it, which is
// what Vault answers (IEEE 754; DBL_DIG). Whole numbers are exact a little further.
bool survives(std::string_view number) noexcept {
  constexpr std::size_t exact_digits = 15;
  constexpr std::int64_t largest = 290;
  constexpr std::int64_t exact_whole = std::int64_t{1} << 53U;
  const Decimal decimal = decimal_of(number);
  if (decimal.significant == 0) return true;
  if (decimal.significant <= exact_digits) return decimal.magnitude >= -largest && decimal.magnitude <= largest;
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), whole);
  return error == std::errc() && end == number.data() + number.size() && whole >= -exact_whole && whole <= exact_whole;
}

SecretData value_of(Json::Value object) {
  if (!object.is(Json::Kind::Object)) return SecretData::stored_fields(SecretValue("{}"));
  if (auto bytes = bytes_in(object)) return SecretData::bytes(std::move(*bytes));
  return SecretData::stored_fields(SecretValue(object.raw()));
}

Result<SecretBuffer> object_of(const SecretData& data) {
  const std::string_view encoded = data.encoded().expose();
  if (data.kind() == SecretData::Kind::Bytes) return bytes_object(encoded);
  SecretBuffer object;
  object.append(encoded);
  SecretBuffer copy;
  copy.append(encoded);
  const auto parsed = Json::parse(std::move(copy));
  if (!parsed) return bad_fields("the fields are no JSON object", "put one JSON object with distinct members");
  if (auto good = check_object(parsed->root()); !good) return std::move(good).error();
  return object;
}

}  // namespace locket::inline v1::vault
