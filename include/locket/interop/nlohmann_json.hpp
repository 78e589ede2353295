#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include <locket/call.hpp>
#include <locket/error.hpp>
#include <locket/resolver/format.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/result.hpp>

/// Documents with their references replaced, as nlohmann::json. Header only; the program brings nlohmann/json (3.10 or
/// newer) and links locket::resolver.

namespace locket::inline v1 {

namespace interop {

inline nlohmann::json none() {
  return nlohmann::json::value_t::discarded;
}

/// Digits behind 0x, 0o or 0b.
inline nlohmann::json integer_from(std::string_view digits, int base, bool negative) {
  std::uint64_t whole = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), whole, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return none();
  if (!negative) return whole;
  if (whole > std::uint64_t{1} << 63U) return none();
  return static_cast<std::int64_t>(std::uint64_t{0} - whole);
}

/// What JSON cannot write: ".5", "5.", "inf", ".NaN".
inline nlohmann::json double_from(std::string_view digits, bool negative) {
  const bool is_word = digits.size() == 4 && digits[0] == '.' && (digits[1] < '0' || digits[1] > '9');
  if (is_word) digits.remove_prefix(1);
  double value = 0;  // from_chars takes inf and nan in any case
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return none();
  return negative ? -value : value;
}

/// A number as a format of its own writes it: 0x1F, 0o17, 1_000, +5, .5, .inf. Discarded when there is none, or when
/// parsers disagree (0755).
inline nlohmann::json number_from(std::string text) {
  std::erase(text, '_');
  if (text.starts_with('+')) text.erase(0, 1);
  if (nlohmann::json::accept(text)) return nlohmann::json::parse(text);
  const bool negative = text.starts_with('-');
  const std::string_view digits = std::string_view(text).substr(negative ? 1 : 0);
  if (digits.starts_with("0x")) return integer_from(digits.substr(2), 16, negative);
  if (digits.starts_with("0o")) return integer_from(digits.substr(2), 8, negative);
  if (digits.starts_with("0b")) return integer_from(digits.substr(2), 2, negative);
  const bool leading_zero = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
  return leading_zero ? none() : double_from(digits, negative);
}

/// YAML writes True and TRUE too; what else is tagged !!bool is none to some parsers.
inline nlohmann::json boolean_from(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return none();
}

inline nlohmann::json value_from(const ResolvedScalar& scalar) {
  using resolver::Kind;
  if (const auto* resolved = std::get_if<ResolvedValue>(&scalar.content)) {
    const std::string_view text = resolved->value.expose();
    switch (resolved->kind) {
      case resolver::Value::Kind::Null: return nullptr;
      case resolver::Value::Kind::Text: return std::string(text);
      default: return nlohmann::json::parse(text, nullptr, false);
    }
  }
  const std::string& text = std::get<std::string>(scalar.content);
  switch (scalar.kind) {
    case Kind::Text: return text;
    case Kind::Null: return nullptr;
    case Kind::Boolean: return boolean_from(text);
    case Kind::EmptyMapping: return nlohmann::json::object();
    case Kind::EmptySequence: return nlohmann::json::array();
    default: return number_from(text);
  }
}

/// The place for a value at `path`, or null when another value stands in the way.
inline nlohmann::json* room_at(nlohmann::json& root, const resolver::Path& path) {
  nlohmann::json* at = &root;
  for (const resolver::PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      if (!at->is_null() && !at->is_object()) return nullptr;
      at = &(*at)[*key];
    } else {
      if (!at->is_null() && !at->is_array()) return nullptr;
      at = &(*at)[std::get<std::size_t>(step)];
    }
  }
  return at;
}

}  // namespace interop

/// The document with its references replaced, parsed: what a parser makes of Resolver::resolve_document's text, for any
/// format. Numbers and booleans keep their types; dates of TOML are texts; what `type=` asks for is of that type; an
/// optional reference without a secret is null. Further documents of a YAML stream are refused.
///
/// **The values are ordinary strings then**: in memory that may be swapped, dumped and copied, and that nobody wipes.
/// Config keeps secrets in the memory for secrets.
///
/// Errors as Resolver::resolve_document; InvalidArgument (reason "json.value") with the place, for a value that JSON
/// does not have (an integer beyond 64 bits in another notation than JSON's, 0755, a path that comes twice). Text that
/// is not UTF-8 is accepted here; nlohmann::json refuses it when it writes the document.
/// Thread safety: any thread.
inline Result<nlohmann::json> resolved_json(const Resolver& resolver, std::string_view document,
                                            const resolver::Format& format, std::string_view file = {},
                                            const Call& call = {}) {
  auto scalars = resolver.resolve_values(document, format, file, call);
  if (!scalars) return std::move(scalars).error();
  nlohmann::json root;
  for (const ResolvedScalar& scalar : *scalars) {
    nlohmann::json* const room = interop::room_at(root, scalar.path);
    nlohmann::json value = interop::value_from(scalar);
    if (room == nullptr || !room->is_null() || value.is_discarded()) {
      return Error({.code = ErrorCode::InvalidArgument,
                    .reason = "json.value",
                    .message = "the value cannot be had as JSON, or stands where another one does",
                    .hint = "write numbers in decimal, without leading zeros; give each value its own key",
                    .place = scalar.place});
    }
    *room = std::move(value);
  }
  return root;
}

}  // namespace locket::inline v1
