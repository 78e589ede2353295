#pragma once

#include <locket/resolver/reference.hpp>

#include "resolver/reference_split.hpp"

namespace locket::inline v1::resolver {

/// What the parts of a reference mean. False, with `wrong` filled in, when one of them is not as reference.hpp says.
bool interpret(const Split& parts, Reference& reference, Wrong& wrong);

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
