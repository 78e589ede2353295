#pragma once

#include <cstddef>
#include <string>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::env {

/// The whole of a file, or of a pipe until its end. NotFound. PermissionDenied. InvalidArgument: a folder, or a path
/// that none can have. LimitExceeded: more than `max_size` bytes. Unavailable: reading fails for another reason, which
/// the message tells.
Result<SecretBuffer> read_file(const std::string& path, std::size_t max_size);

}  // namespace locket::inline v1::env
