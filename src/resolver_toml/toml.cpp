#include <locket/resolver/toml.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

#include "resolver/double_quoted.hpp"
#include "resolver/json_value.hpp"
#include "resolver_toml/find.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_depth = 100;

Error unwritable(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "toml.unwritable",
                .message = std::move(message),
                .hint = std::move(hint)});
}

template <class Number>
bool fits(std::string_view text) {
  Number number = {};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

// TOML's floats are JSON's; its integers have 64 bits.
std::string_view append_number(std::string_view text, SecretBuffer& out) {
  if (is_integer_literal(text) && !fits<std::int64_t>(text)) return "it holds an integer of more than 64 bits";
  if (!is_integer_literal(text) && !fits<double>(text)) return "it holds a number that no double holds";
  out.append(text);
  return {};
}

Result<void> write_text(const Scalar& scalar, std::string_view text, SecretBuffer& out) {
  const TextTraits traits = traits_of(text);
  if (!traits.utf8)
    return unwritable("the value is not UTF-8, which TOML cannot say", "add enc=base64 to the reference");
  if (scalar.style == toml_literal && traits.printable && text.find('\'') == std::string_view::npos) {
    out.push_back('\'');
    out.append(text);
    out.push_back('\'');
  } else {
    append_double_quoted(text, out);
  }
  return {};
}

Result<void> write_literal(bool valid, std::string_view text, SecretBuffer& out) {
  if (!valid) return unwritable("the value is not what its type says", "leave type= out of the reference");
  out.append(text);
  return {};
}

Result<void> write_integer(std::string_view text, SecretBuffer& out) {
  if (is_integer_literal(text) && !fits<std::int64_t>(text)) {
    return unwritable("TOML cannot hold an integer of more than 64 bits", "leave type=int out of the reference");
  }
  return write_literal(is_integer_literal(text), text, out);
}

Result<void> write_json(const Scalar& scalar, std::string_view json, SecretBuffer& out) {
  const JsonDialect dialect{.key_sign = " = ",
                            .long_key_sign = "",
                            .longest_key = json.size(),
                            .has_null = false,
                            .max_depth = max_depth - std::min(max_depth, scalar.path.size()),
                            .number = append_number};
  const std::string_view problem = append_json(json, dialect, out);
  if (problem.empty()) return {};
  return unwritable("TOML cannot hold the JSON value: " + std::string(problem), "leave type=json out of the reference");
}

class Toml final : public Format {
 public:
  std::string_view name() const noexcept override { return "toml"; }
  bool names(std::string_view file_name) const override { return file_name.ends_with(".toml"); }
  bool has_null() const noexcept override { return false; }

  Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const override {
    return find_toml(document, wanted);
  }
  Result<std::vector<Scalar>> values(std::string_view document) const override { return find_toml_values(document); }

  Result<void> write(std::string_view, const Scalar& scalar, const Value& value, SecretBuffer& out) const override {
    switch (value.kind) {
      case Value::Kind::Text: return write_text(scalar, value.text, out);
      case Value::Kind::Integer: return write_integer(value.text, out);
      case Value::Kind::Boolean: return write_literal(value.text == "true" || value.text == "false", value.text, out);
      case Value::Kind::Json: return write_json(scalar, value.text, out);
      case Value::Kind::Null: break;
    }
    return unwritable("TOML has no null", "write a default (|) into the reference, or the key into a table of its own");
  }
};

constinit const Toml the_format;

}  // namespace

FormatPtr toml() {
  return {FormatPtr(), &the_format};
}

}  // namespace locket::inline v1::resolver
