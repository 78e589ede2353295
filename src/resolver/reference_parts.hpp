#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <locket/name.hpp>
#include <locket/resolver/reference.hpp>

#include "resolver/reference_split.hpp"

namespace locket::inline v1::resolver {

/// What the parts of a reference mean. False, with `wrong` filled in, when one of them is not as reference.hpp says.
/// A name without variables is taken as it is: whoever uses it parses it.
bool interpret(const Split& parts, Reference& reference, Wrong& wrong);

/// The name, none with `wrong` filled in when it is none.
std::optional<NameView> parse_name(std::string_view name, Wrong& wrong);

inline bool has_variables(std::string_view name) {
  return name.find('$') != std::string_view::npos;
}

/// Puts the variables into a name that holds some. `variable` returns null for one that is not set.
template <class Variable>
bool expand(std::string_view name, std::string& into, Wrong& wrong, Variable variable) {
  constexpr std::string_view opener = "$<env:";
  for (;;) {
    const std::size_t begin = name.find(opener);
    into += name.substr(0, begin);
    if (begin == std::string_view::npos) return true;
    const std::size_t end = name.find('>', begin);
    const std::string_view key = name.substr(begin + opener.size(), end - begin - opener.size());
    const auto value = variable(key);
    if (!value) {
      wrong = {.reason = "reference.variable",
               .message = "the environment variable '" + std::string(key) + "' is not set",
               .hint = "set it, or write the name out"};
      return false;
    }
    into += *value;
    name.remove_prefix(end + 1);
  }
}

}  // namespace locket::inline v1::resolver
