#include "config/file.hpp"

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.hpp"
#include "core/printable.hpp"
#include "core/read_to_end.hpp"

namespace locket::inline v1::config {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20U;

Error file_error(const std::string& path, ErrorCode code, std::string message, std::string hint) {
  return Error({.code = code,
                .reason = "config.file",
                .message = std::move(message),
                .hint = std::move(hint),
                .place = Place{.file = printable(path)}});
}

Error system_error(const std::string& path, int error) {
  std::string message = "cannot read the configuration file: " + std::generic_category().message(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR: return file_error(path, ErrorCode::NotFound, std::move(message), "look at the path, or leave it out");
    case EACCES:
    case EPERM:
      return file_error(path, ErrorCode::PermissionDenied, std::move(message),
                        "let the user that the program runs as read it, or name another one with LOCKET_CONFIG");
    case ELOOP:
    case ENAMETOOLONG: return file_error(path, ErrorCode::InvalidArgument, std::move(message), "look at the path");
    default: return file_error(path, ErrorCode::Unavailable, std::move(message), "");
  }
}

Result<void> check_status(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) {
    return file_error(path, ErrorCode::InvalidArgument, "the configuration is no regular file", "give a file");
  }
  if ((status.st_mode & S_IWOTH) != 0) {
    return file_error(path, ErrorCode::PermissionDenied,
                      "every user may write the configuration file, which decides where secrets go to",
                      "look at what is in it, then take the right away: chmod o-w FILE");
  }
  return {};
}

Error too_large(const std::string& path) {
  return file_error(path, ErrorCode::LimitExceeded,
                    fmt::format("the configuration file has more than {} bytes", max_size), "is this the right file?");
}

// Opened before it is looked at, so that both mean the same file; a pipe does not block that way.
Result<SecretBuffer> read(const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    return file_error(path, ErrorCode::InvalidArgument, "the configuration file's path holds a NUL byte",
                      "look at the path");
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.ok()) return system_error(path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (auto good = check_status(path, status); !good) return std::move(good).error();
  SecretBuffer contents;
  const int failed = read_to_end(file.get(), static_cast<std::size_t>(status.st_size), max_size, contents);
  if (failed == EFBIG) return too_large(path);
  if (failed != 0) return system_error(path, failed);
  return contents;
}

}  // namespace

Result<std::optional<SecretBuffer>> read_if_there(const std::string& path) {
  auto text = read(path);
  if (text) return std::optional(std::move(*text));
  if (text.error().code() == ErrorCode::NotFound) return std::optional<SecretBuffer>();
  return std::move(text).error();
}

Result<SecretBuffer> read_file(const std::string& path) {
  return read(path);
}

}  // namespace locket::inline v1::config
