#pragma once

#include <optional>
#include <string>

#include <locket/config/store_config.hpp>

namespace locket::inline v1::config {

/// The variable's value: of `variables` where there are some, else of the process's environment, which a process with
/// more rights than its caller's does not ask. None when it is not set or empty.
std::optional<std::string> variable(const std::optional<Variables>& variables, const char* name);

/// "$XDG_CONFIG_HOME/locket/config.toml" (variable XDG_CONFIG_HOME, ".config", "config.toml"), or the same below $HOME.
/// By the XDG Base Directory Specification relative paths count as not set. None when neither is set.
std::optional<std::string> default_path(const std::optional<Variables>& variables, const char* folder_variable,
                                        const char* below_home, const char* file);

}  // namespace locket::inline v1::config
