#pragma once

#include <string>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

namespace locket::cli {

/// Bytes of a file or of standard input that are read at most; the stores' own limits are smaller.
inline constexpr std::size_t max_input = std::size_t{64} << 20U;

/// All that comes from standard input. LimitExceeded: more than `max_input`.
Result<SecretBuffer> read_standard_input();

/// A whole file; "-" is standard input. NotFound, PermissionDenied, InvalidArgument (a folder), LimitExceeded.
Result<SecretBuffer> read_file(const std::string& path);

/// Whether `value` ends in a newline, "\n" or "\r\n".
bool ends_in_newline(std::string_view value) noexcept;
/// Drops one newline at the end.
void chomp(SecretBuffer& value) noexcept;

}  // namespace locket::cli
