#include "resolver/file.hpp"

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

namespace locket::inline v1::resolver {
namespace {

Error file_error(const std::string& path, ErrorCode code, std::string_view what, std::string hint) {
  return Error({.code = code,
                .reason = "resolver.file",
                .message = fmt::format("cannot read '{}': {}", printable(path), what),
                .hint = std::move(hint)});
}

Error system_error(const std::string& path, int error) {
  const std::string what = std::generic_category().message(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR: return file_error(path, ErrorCode::NotFound, what, "look at the path, and at the working directory");
    case EACCES:
    case EPERM:
      return file_error(path, ErrorCode::PermissionDenied, what, "let the user that the program runs as read it");
    case ELOOP:
    case ENAMETOOLONG: return file_error(path, ErrorCode::InvalidArgument, what, "look at the path");
    default: return file_error(path, ErrorCode::Unavailable, what, "");
  }
}

Error not_regular(const std::string& path) {
  return file_error(path, ErrorCode::InvalidArgument, "it is no regular file",
                    "give a file, or read it yourself and resolve its text");
}

Error too_large(const std::string& path, std::size_t max_size) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "resolver.too_large",
                .message = fmt::format("'{}' has more than {} bytes", printable(path), max_size),
                .hint = "split the document; a program may raise `max_input`"});
}

}  // namespace

// Opened before it is looked at, so that both mean the same file; a pipe does not block that way.
Result<SecretBuffer> read_file(const std::string& path, std::size_t max_size) {
  if (path.find('\0') != std::string::npos) {
    return file_error(path, ErrorCode::InvalidArgument, "the path holds a NUL byte", "look at the path");
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.ok()) return system_error(path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (!S_ISREG(status.st_mode)) return not_regular(path);
  SecretBuffer contents;
  const int failed = read_to_end(file.get(), static_cast<std::size_t>(status.st_size), max_size, contents);
  if (failed == EFBIG) return too_large(path, max_size);
  if (failed != 0) return system_error(path, failed);
  return contents;
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace locket::inline v1::resolver
