#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/result.hpp>

namespace locket::cli {

/// A configuration file to begin with: commented, its secrets as references.
struct ConfigTemplate {
  std::string_view name;
  /// Where `init` writes it, in the working folder.
  std::string_view file;
  std::string_view text;
  /// The command that sets each secret that it refers to, without `locket` before it.
  std::span<const std::string_view> commands;
};

std::span<const ConfigTemplate> config_templates();
/// Null when there is none of that name.
const ConfigTemplate* find_template(std::string_view name);

}  // namespace locket::cli
