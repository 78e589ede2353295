#include <locket/resolver/reference.hpp>

#include <array>
#include <ostream>

#include <fmt/format.h>

#include "resolver/reference_parts.hpp"
#include "resolver/reference_split.hpp"

namespace locket::inline v1 {
namespace {

Error bad_reference(resolver::Wrong wrong) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = std::move(wrong.reason),
                .message = std::move(wrong.message),
                .hint = std::move(wrong.hint)});
}

// The options that are set, each behind the separator that it needs.
class OptionList {
 public:
  void add(std::string_view option) {
    text_ += text_.empty() ? '?' : '&';
    text_ += option;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string options_of(const Reference& reference) {
  constexpr std::array decodings = {"", "decode=base64", "decode=hex"};
  constexpr std::array types = {"", "type=int", "type=bool", "type=json"};
  constexpr std::array encodings = {"", "enc=url", "enc=json", "enc=shell", "enc=base64"};
  OptionList list;
  if (const auto* version = std::get_if<Version>(&reference.which)) list.add("version=" + version->text());
  if (const auto* stage = std::get_if<Stage>(&reference.which)) list.add("stage=" + stage->label);
  if (reference.decode != Reference::Decoding::None) list.add(decodings[static_cast<std::size_t>(reference.decode)]);
  if (reference.trim_newline) list.add("trim=nl");
  if (reference.type != Reference::Type::Text) list.add(types[static_cast<std::size_t>(reference.type)]);
  if (reference.encode != Reference::Encoding::None) list.add(encodings[static_cast<std::size_t>(reference.encode)]);
  if (reference.optional) list.add("optional");
  return list.text();
}

}  // namespace

Result<Reference> Reference::parse(std::string_view text, Delimiters delimiters) {
  using namespace resolver;
  const bool braces = delimiters == Delimiters::AngleAndBraces && text.starts_with(brace_form.opener);
  const Form& form = braces ? brace_form : angle_form;
  Wrong wrong{.reason = "reference.syntax",
              .message = "the text is not one reference",
              .hint = "write $<secret:name>, as $<secret:db/password>"};
  if (!text.starts_with(form.opener)) return bad_reference(std::move(wrong));
  Split parts;
  Reference reference;
  if (Wrong why; !split(text, 0, form, delimiters, parts, why)) return bad_reference(std::move(why));
  if (parts.end != text.size()) return bad_reference(std::move(wrong));
  if (!interpret(parts, reference, wrong)) return bad_reference(std::move(wrong));
  if (!has_variables(reference.name) && !parse_name(reference.name, wrong)) return bad_reference(std::move(wrong));
  return reference;
}

std::string Reference::to_string() const {
  return fmt::format("$<secret:{}{}{}{}{}{}{}>", alias, alias.empty() ? "" : "://", name, field.empty() ? "" : "#",
                     field, options_of(*this), fallback ? "|…" : "");
}

std::ostream& operator<<(std::ostream& out, const Reference& reference) {
  return out << reference.to_string();
}

}  // namespace locket::inline v1
