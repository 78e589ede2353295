#pragma once

#include <map>
#include <optional>
#include <string>

#include <locket/config/store_config.hpp>

#include "config/node.hpp"
#include "config/problems.hpp"

namespace locket::inline v1::config {

using Stores = std::map<std::string, ConfiguredStore, std::less<>>;

/// The stores of the file, or of one of its environments.
struct Scope {
  std::optional<std::string> default_alias = {};
  Stores stores = {};
};

/// A configuration file.
struct Contents {
  Scope base = {};
  std::optional<std::string> environment = {};
  std::map<std::string, Scope, std::less<>> environments = {};
};

/// Reads the tree of a file. Whatever is wrong is added to `problems`, and left out.
Contents read_contents(const Node& root, const LoadOptions& options, Problems& problems);

}  // namespace locket::inline v1::config
