#pragma once

#include <optional>
#include <string>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::config {

/// A configuration file's text; none when there is no such file. All errors have the reason "config.file" and the file
/// as their place; which there are is said at StoreConfig.
Result<std::optional<SecretBuffer>> read_if_there(const std::string& path);
/// The same, and NotFound when there is none.
Result<SecretBuffer> read_file(const std::string& path);

}  // namespace locket::inline v1::config
