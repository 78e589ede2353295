#pragma once

#include <cstddef>
#include <string>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::resolver {

/// What a regular file holds. LimitExceeded (reason "resolver.too_large") when that is more than `max_size` bytes; else
/// as Resolver::resolve_file says (reason "resolver.file").
Result<SecretBuffer> read_file(const std::string& path, std::size_t max_size);

/// The path's last part.
std::string file_name(const std::string& path);

}  // namespace locket::inline v1::resolver
