#include "config/outside.hpp"

#include <fmt/format.h>

#include "core/outside.hpp"

namespace locket::inline v1::config {

std::optional<std::string> variable(const std::optional<Variables>& variables, const char* name) {
  std::string value;
  if (!variables) {
    const char* set = chosen_from_outside(name);
    if (set != nullptr) value = set;
  } else if (const auto found = variables->find(name); found != variables->end()) {
    value = found->second;
  }
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

std::optional<std::string> default_path(const std::optional<Variables>& variables, const char* folder_variable,
                                        const char* below_home, const char* file) {
  const auto folder = variable(variables, folder_variable);
  if (folder && folder->starts_with('/')) return fmt::format("{}/locket/{}", *folder, file);
  const auto home = variable(variables, "HOME");
  if (home && home->starts_with('/')) return fmt::format("{}/{}/locket/{}", *home, below_home, file);
  return std::nullopt;
}

}  // namespace locket::inline v1::config
