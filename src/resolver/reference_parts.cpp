#include "resolver/reference_parts.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/name.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/suggest.hpp>

#include "core/alias.hpp"
#include "core/printable.hpp"
#include "resolver/shape.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::string_view variable_opener = "$<env:";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_variable(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

template <class Value>
using Words = std::initializer_list<std::pair<std::string_view, Value>>;

template <class Value>
std::vector<std::string> words_of(Words<Value> known) {
  std::vector<std::string> words;
  for (const auto& [word, value] : known) words.emplace_back(word);
  return words;
}

class Interpreter {
 public:
  Interpreter(const Split& parts, Reference& reference, Wrong& wrong)
      : parts_(parts), reference_(reference), wrong_(wrong) {}

  bool run() { return name() && field() && options() && fallback() && consistent(); }

 private:
  bool fail(std::string reason, std::string message, std::string hint) {
    wrong_ = {.reason = std::move(reason), .message = std::move(message), .hint = std::move(hint)};
    return false;
  }

  bool name() {
    std::string_view name = parts_.name;
    if (const std::size_t separator = name.find("://"); separator != std::string_view::npos) {
      if (!alias(name.substr(0, separator))) return false;
      name.remove_prefix(separator + 3);
    }
    reference_.name = name;
    if (name.find("${env:") != std::string_view::npos) {
      return fail("reference.variable", "the name holds '${env:'", "write $<env:VAR>");
    }
    return !has_variables(name) || variables(name);
  }

  bool alias(std::string_view alias) {
    if (is_alias(alias)) return reference_.alias = alias, true;
    if (alias.find('$') != std::string_view::npos) {
      return fail("reference.alias", "the alias holds a variable", "$<env:VAR> can stand in the name alone");
    }
    return fail("reference.alias", fmt::format("'{}' is no alias", printable(alias)),
                "what stands before '://' is the alias of a store that the program configured (letters, digits, '-', "
                "'_'); addresses do not belong into references");
  }

  // What the variables hold is not known yet: the name is checked with a letter in their places.
  bool variables(std::string_view name) {
    for (std::size_t at = 0; (at = name.find(variable_opener, at)) != std::string_view::npos;) {
      at += variable_opener.size();
      if (is_variable(name.substr(at, name.find('>', at) - at))) continue;
      return fail("reference.variable", "what stands in '$<env:…>' is no variable's name",
                  "a variable is letters, digits and '_', and does not begin with a digit");
    }
    std::string probe;
    return expand(name, probe, wrong_, [](std::string_view) { return std::optional<std::string_view>("x"); }) &&
           parse_name(probe, wrong_).has_value();
  }

  bool field() {
    reference_.field = parts_.field;
    if (!parts_.has_field || !parts_.field.empty()) return !bad_pointer();
    return fail("reference.field", "the field is missing behind '#'", "name it, or leave the '#' out for the value");
  }

  // RFC 6901: '~' is followed by 0 or 1.
  bool bad_pointer() {
    const std::string_view field = parts_.field;
    if (!field.starts_with('/')) return false;
    for (std::size_t at = 0; (at = field.find('~', at)) != std::string_view::npos; ++at) {
      if (at + 1 < field.size() && (field[at + 1] == '0' || field[at + 1] == '1')) continue;
      return !fail("reference.field", "the JSON pointer holds a '~' that is neither '~0' nor '~1'",
                   "write ~0 for '~' and ~1 for '/'");
    }
    return false;
  }

  bool options() {
    if (!parts_.has_options) return true;
    for (std::string_view rest = parts_.options;;) {
      const std::size_t end = rest.find('&');
      if (!option(rest.substr(0, end))) return false;
      if (end == std::string_view::npos) return true;
      rest.remove_prefix(end + 1);
    }
  }

  bool option(std::string_view option) {
    if (option.empty()) return fail("reference.option", "an option is empty", "remove the '?' or '&'");
    const std::size_t equals = option.find('=');
    const std::string_view key = option.substr(0, equals);
    const bool has_value = equals != std::string_view::npos;
    const std::string_view value = has_value ? option.substr(equals + 1) : std::string_view();
    const auto known = std::ranges::find(keys, key);
    if (known == keys.end()) return unknown_option(key);
    auto& seen = seen_.at(static_cast<std::size_t>(known - keys.begin()));
    if (std::exchange(seen, true))
      return fail("reference.twice", fmt::format("the option '{}' stands twice", key), "leave one of them out");
    if (key == "optional") return optional(has_value);
    if (value.empty()) {
      return fail("reference.option", fmt::format("the option '{}' has no value", key),
                  fmt::format("write {}", examples.at(static_cast<std::size_t>(known - keys.begin()))));
    }
    return set(key, value);
  }

  bool optional(bool has_value) {
    reference_.optional = true;
    return !has_value || fail("reference.option", "the option 'optional' takes no value", "write ?optional");
  }

  bool set(std::string_view key, std::string_view value) {
    using R = Reference;
    if (key == "version") return which(Version(std::string(value)));
    if (key == "stage") return which(Stage{std::string(value)});
    if (key == "decode") {
      return word<R::Decoding>(key, value, {{"base64", R::Decoding::Base64}, {"hex", R::Decoding::Hex}},
                               reference_.decode);
    }
    if (key == "trim") return word<bool>(key, value, {{"nl", true}}, reference_.trim_newline);
    if (key == "type") {
      return word<R::Type>(
          key, value,
          {{"str", R::Type::Text}, {"int", R::Type::Integer}, {"bool", R::Type::Boolean}, {"json", R::Type::Json}},
          reference_.type);
    }
    return word<R::Encoding>(key, value,
                             {{"url", R::Encoding::Url},
                              {"json", R::Encoding::Json},
                              {"shell", R::Encoding::Shell},
                              {"base64", R::Encoding::Base64}},
                             reference_.encode);
  }

  bool which(Which which) {
    if (!std::holds_alternative<Current>(reference_.which)) {
      return fail("reference.option", "the options 'version' and 'stage' exclude each other", "write one of them");
    }
    reference_.which = std::move(which);
    return true;
  }

  template <class Value>
  bool word(std::string_view key, std::string_view value, Words<Value> known, Value& into) {
    for (const auto& [text, meaning] : known) {
      if (text == value) return into = meaning, true;
    }
    return fail("reference.option", fmt::format("the option '{}' does not know '{}'", key, printable(value)),
                suggestion_hint(value, words_of<Value>(known)));
  }

  bool unknown_option(std::string_view key) {
    const std::vector<std::string> known(keys.begin(), keys.end());
    std::string hint = suggestion_hint(key, known);
    if (key == "default" || key == "Default" || key == "DEFAULT" || key == "fallback" || key == "else")
      hint = "write the default at the end, behind '|'";
    if (key == "field" || key == "key") hint = "write the field behind '#'";
    return fail("reference.option", fmt::format("unknown option '{}'", printable(key)), std::move(hint));
  }

  bool fallback() {
    if (!parts_.has_default) return true;
    SecretBuffer text;
    for (std::size_t at = 0; at < parts_.text.size(); ++at) {
      const bool escaped = parts_.quote == '"' && parts_.text[at] == '\\' && at + 1 < parts_.text.size() &&
                           (parts_.text[at + 1] == '"' || parts_.text[at + 1] == '\\');
      text.push_back(parts_.text[escaped ? ++at : at]);
    }
    reference_.fallback = std::make_shared<const SecretValue>(std::move(text).finish());
    return true;
  }

  bool consistent() {
    if (!reference_.fallback) return true;
    if (reference_.optional) {
      return fail("reference.option", "it is optional and has a default", "leave one of them out");
    }
    if (is_of_type(reference_.fallback->expose(), reference_.type)) return true;
    return fail("reference.default", fmt::format("its default is not {}", described(reference_.type)),
                described_hint(reference_.type));
  }

  static constexpr std::array<std::string_view, 7> keys{"version", "stage", "decode",  "trim",
                                                        "type",    "enc",   "optional"};
  static constexpr std::array<std::string_view, 7> examples{"version=V",
                                                            "stage=LABEL",
                                                            "decode=base64 or decode=hex",
                                                            "trim=nl",
                                                            "type=str, type=int, type=bool or type=json",
                                                            "enc=url, enc=json, enc=shell or enc=base64",
                                                            "optional"};

  const Split& parts_;
  Reference& reference_;
  Wrong& wrong_;
  std::array<bool, 7> seen_{};
};

}  // namespace

std::optional<NameView> parse_name(std::string_view name, Wrong& wrong) {
  auto parsed = NameView::parse(name);
  if (parsed) return *parsed;
  const Error& error = parsed.error();
  wrong = {.reason = error.reason(), .message = error.message(), .hint = error.hint()};
  if (name.starts_with(' ') || name.ends_with(' ')) {
    wrong.message = "there are spaces around the name";
    wrong.hint = "write the name without them";
  }
  return std::nullopt;
}

bool interpret(const Split& parts, Reference& reference, Wrong& wrong) {
  return Interpreter(parts, reference, wrong).run();
}

}  // namespace locket::inline v1::resolver
