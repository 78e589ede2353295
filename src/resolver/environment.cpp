#include "resolver/environment.hpp"

#include <string_view>

#include "core/environment.hpp"

namespace locket::inline v1::resolver {

Variables process_environment() {
  Variables variables;
  for_each_variable(
      [&](std::string_view variable, std::string_view value) { variables.try_emplace(std::string(variable), value); });
  return variables;
}

}  // namespace locket::inline v1::resolver
