#include "choice.hpp"

#include <cstdlib>

namespace locket::cli {

Choice choose_store(const std::string& option) {
  if (!option.empty()) return {.url = option, .by = "--store"};
  const char* variable = std::getenv("LOCKET_STORE");
  if (variable != nullptr && *variable != '\0') return {.url = variable, .by = "$LOCKET_STORE"};
  return {.url = "local:", .by = "the default"};
}

}  // namespace locket::cli
