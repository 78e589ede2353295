#include "naming.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace locket::inline v1::env {
namespace {

// Not <cctype>: what a letter is must not depend on the program's locale.
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_prefix_character(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || c == '_';
}
bool is_variable_character(char c) {
  return is_upper(c) || is_digit(c) || c == '_';
}

char to_variable_character(char c) {
  if (is_lower(c)) return static_cast<char>(c - 'a' + 'A');
  return is_variable_character(c) ? c : '_';
}
char to_name_character(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

Error bad_option(std::string message, std::string reason, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint)});
}

}  // namespace

Result<Naming> Naming::make(std::string prefix, const std::vector<std::string>& names) {
  if (!std::all_of(prefix.begin(), prefix.end(), is_prefix_character)) {
    return bad_option("the prefix holds something else than letters, digits and '_'", "env.prefix",
                      "write it as the variables begin, such as MYAPP_");
  }
  Naming naming(std::move(prefix));
  if (auto declared = naming.declare(names); !declared) return std::move(declared).error();
  return naming;
}

Result<void> Naming::declare(const std::vector<std::string>& names) {
  std::vector<std::string> collisions;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto name = Name::parse(names[i]);
    if (!name) {
      name.error().details().message.insert(0, fmt::format("names[{}]: ", i));
      return std::move(name).error();
    }
    const auto [other, added] = declared_.try_emplace(variable(*name), *name);
    if (added || other->second == *name) continue;
    collisions.push_back(fmt::format("'{}' and '{}' both mean {}", other->second.text(), name->text(), other->first));
  }
  if (collisions.empty()) return {};
  return bad_option(fmt::format("names collide: {}", fmt::join(collisions, "; ")), "env.collision",
                    "rename one of each two, in a way that letters or digits differ");
}

std::string Naming::variable(NameView name) const {
  std::string variable = prefix_;
  for (char c : name.text()) variable.push_back(to_variable_character(c));
  return variable;
}

std::optional<Name> Naming::name(std::string_view variable) const {
  if (!declared_.empty()) {
    const auto found = declared_.find(variable);
    return found == declared_.end() ? std::nullopt : std::optional(found->second);
  }
  if (!variable.starts_with(prefix_)) return std::nullopt;
  std::string text(variable.substr(prefix_.size()));
  if (!std::all_of(text.begin(), text.end(), is_variable_character)) return std::nullopt;
  std::transform(text.begin(), text.end(), text.begin(), to_name_character);
  auto name = Name::parse(text);
  return name ? std::optional(std::move(*name)) : std::nullopt;
}

bool Naming::is_unaddressable(std::string_view variable) const {
  return declared_.empty() && variable.starts_with(prefix_) && !name(variable);
}

bool Naming::serves(NameView name) const {
  if (declared_.empty()) return true;
  const auto found = declared_.find(variable(name));
  return found != declared_.end() && NameView(found->second) == name;
}

}  // namespace locket::inline v1::env
