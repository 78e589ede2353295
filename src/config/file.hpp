#pragma once

#include <optional>
#include <string>

#include <locket/result.hpp>

namespace locket::inline v1::config {

/// A configuration file's text; none when there is no such file. All errors have the reason "config.file" and the file
/// as their place; which there are is said at StoreConfig.
Result<std::optional<std::string>> read_if_there(const std::string& path);
/// The same, and NotFound when there is none.
Result<std::string> read_file(const std::string& path);

}  // namespace locket::inline v1::config
