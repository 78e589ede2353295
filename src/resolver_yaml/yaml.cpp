#include <locket/resolver/yaml.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "resolver/double_quoted.hpp"
#include "resolver/json_value.hpp"
#include "resolver_yaml/find.hpp"
#include "resolver_yaml/style.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_depth = 100;
// libyaml and PyYAML read a key without '?' only up to 1024 characters; an escape takes six for a byte.
constexpr std::size_t longest_simple_key = 160;

Error unwritable(std::string_view message, std::string_view hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "yaml.unwritable",
                .message = std::string(message),
                .hint = std::string(hint)});
}

void append_single_quoted(std::string_view text, SecretBuffer& out) {
  out.push_back('\'');
  for (std::size_t quote = text.find('\''); quote != std::string_view::npos; quote = text.find('\'')) {
    out.append(text.substr(0, quote + 1));
    out.push_back('\'');
    text.remove_prefix(quote + 1);
  }
  out.append(text);
  out.push_back('\'');
}

// In YAML 1.1 a number with an exponent is one only with a point and with the exponent's sign.
std::string_view append_number(std::string_view text, SecretBuffer& out) {
  const std::size_t exponent = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, exponent);
  out.append(mantissa);
  if (exponent == std::string_view::npos) return {};
  out.append(mantissa.find('.') == std::string_view::npos ? ".0e" : "e");
  const std::string_view power = text.substr(exponent + 1);
  if (power.front() != '-' && power.front() != '+') out.push_back('+');
  out.append(power);
  return {};
}

Result<void> write_text(const YamlStyle& style, std::string_view text, SecretBuffer& out) {
  const TextTraits traits = traits_of(text);
  const bool surely_plain = is_surely_plain(text, style.flow);
  if (!traits.utf8)
    return unwritable("the value is not UTF-8, which YAML cannot say", "add enc=base64 to the reference");
  if (style.tag == YamlTag::Lone && !surely_plain) {
    return unwritable("parsers disagree on a text behind the tag '!'", "write the tag !!str, or none");
  }
  if (style.form == YamlForm::Plain && surely_plain) {
    out.append(text);
  } else if (style.form == YamlForm::SingleQuoted && traits.printable) {
    append_single_quoted(text, out);
  } else {
    append_double_quoted(text, out);
  }
  return {};
}

bool agrees(YamlTag tag, Value::Kind kind) {
  switch (tag) {
    case YamlTag::None: return true;
    case YamlTag::Integer:
    case YamlTag::Float: return kind == Value::Kind::Integer;
    case YamlTag::Boolean: return kind == Value::Kind::Boolean;
    case YamlTag::Null: return kind == Value::Kind::Null;
    default: return false;
  }
}

Result<void> write_literal(bool valid, std::string_view text, SecretBuffer& out) {
  if (!valid) return unwritable("the value is not what its type says", "leave type= out of the reference");
  out.append(text);
  return {};
}

Result<void> write_json(const Scalar& scalar, std::string_view json, SecretBuffer& out) {
  const JsonDialect dialect{.key_sign = ": ",
                            .long_key_sign = "? ",
                            .longest_key = longest_simple_key,
                            .has_null = true,
                            .max_depth = max_depth - std::min(max_depth, scalar.path.size()),
                            .number = append_number};
  const std::string_view problem = append_json(json, dialect, out);
  if (problem.empty()) return {};
  return unwritable("YAML cannot hold the JSON value: " + std::string(problem), "leave type=json out of the reference");
}

Result<void> write_value(const YamlStyle& style, const Scalar& scalar, const Value& value, SecretBuffer& out) {
  if (style.form == YamlForm::Absent) return unwritable("no value stands there", "write '' there");
  if (value.kind == Value::Kind::Text) return write_text(style, value.text, out);
  if (!agrees(style.tag, value.kind)) return unwritable("the tag there says another type", "leave the tag out");
  switch (value.kind) {
    case Value::Kind::Integer: return write_literal(is_integer_literal(value.text), value.text, out);
    case Value::Kind::Boolean: return write_literal(value.text == "true" || value.text == "false", value.text, out);
    case Value::Kind::Json: return write_json(scalar, value.text, out);
    default: return write_literal(value.text.empty(), "null", out);
  }
}

class Yaml final : public Format {
 public:
  std::string_view name() const noexcept override { return "yaml"; }
  bool names(std::string_view file_name) const override {
    return file_name.ends_with(".yaml") || file_name.ends_with(".yml");
  }
  bool has_null() const noexcept override { return true; }

  Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const override {
    return find_yaml(document, wanted);
  }
  Result<std::vector<Scalar>> values(std::string_view document) const override { return find_yaml_values(document); }

  Result<void> write(std::string_view document, const Scalar& scalar, const Value& value,
                     SecretBuffer& out) const override {
    const YamlStyle style = YamlStyle::unpack(scalar.style);
    const std::size_t size = out.size();
    if (style.needs_blank) out.push_back(' ');
    Result<void> written = write_value(style, scalar, value, out);
    if (!written) {
      out.truncate(size);
    } else if (style.form == YamlForm::Block) {
      out.append(block_comment(document, scalar.begin));
    }
    return written;
  }
};

constinit const Yaml the_format;

}  // namespace

FormatPtr yaml() {
  return {FormatPtr(), &the_format};
}

}  // namespace locket::inline v1::resolver
