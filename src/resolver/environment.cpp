#include "resolver/environment.hpp"

#include <string_view>

#include <unistd.h>

namespace locket::inline v1::resolver {

Variables process_environment() {
  Variables variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view variable(*each);
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    variables.try_emplace(std::string(variable.substr(0, equals)), variable.substr(equals + 1));
  }
  return variables;
}

}  // namespace locket::inline v1::resolver
