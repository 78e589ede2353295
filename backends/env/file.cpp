#include "file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.hpp"
#include "core/printable.hpp"
#include "core/read_to_end.hpp"

namespace locket::inline v1::env {
namespace {

constexpr std::size_t expected_size = 16384;

Error system_error(const std::string& path, int error) {
  ErrorDetails details{.code = ErrorCode::Unavailable, .reason = "env.file"};
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      details.code = ErrorCode::NotFound;
      details.hint = "make the file, or leave the option out where there is none";
      break;
    case EACCES:
    case EPERM:
      details.code = ErrorCode::PermissionDenied;
      details.hint = "let the user that the program runs as read it";
      break;
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG: details.code = ErrorCode::InvalidArgument; break;
    default: break;
  }
  details.message = fmt::format("cannot read '{}': {}", printable(path), std::generic_category().message(error));
  return Error(std::move(details));
}

Error no_path() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "env.file",
                .message = "the file's path holds a NUL byte",
                .hint = "write the path without %00"});
}

Error too_large(const std::string& path, std::size_t max_size) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "env.file",
                .message = fmt::format("'{}' is larger than {} bytes", printable(path), max_size),
                .hint = "a .env file holds variables, one on each line; is this the right file?"});
}

Error not_a_file(const std::string& path) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "env.file",
                .message = fmt::format("'{}' is a pipe or a device", printable(path)),
                .hint = "give a file, or a pipe that is open already as /dev/fd/N"});
}

// Opening a pipe waits for its writer, maybe for ever; one below /dev/fd has it already.
bool hangs(const std::string& path) {
  if (path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/")) return false;
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode));
}

}  // namespace

Result<SecretBuffer> read_file(const std::string& path, std::size_t max_size) {
  if (path.find('\0') != std::string::npos) return no_path();
  if (hangs(path)) return not_a_file(path);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.ok()) return system_error(path, errno);
  SecretBuffer contents;
  const int failed = read_to_end(file.get(), expected_size, max_size, contents);
  if (failed == EFBIG) return too_large(path, max_size);
  if (failed != 0) return system_error(path, failed);
  return contents;
}

}  // namespace locket::inline v1::env
