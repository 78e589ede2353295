#include "config/file.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/printable.hpp"

namespace locket::inline v1::config {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20U;
constexpr std::size_t chunk_size = 16384;

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

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

// To the end, whatever size the file said to have.
Result<std::string> read_all(int fd, const std::string& path) {
  std::string text;
  std::array<char, chunk_size> chunk{};
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    text.append(chunk.data(), static_cast<std::size_t>(got));
    if (text.size() > max_size) return too_large(path);
  }
}

// Opened before it is looked at, so that both mean the same file; a pipe does not block that way.
Result<std::string> read(const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    return file_error(path, ErrorCode::InvalidArgument, "the configuration file's path holds a NUL byte",
                      "look at the path");
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0) return system_error(path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (auto good = check_status(path, status); !good) return std::move(good).error();
  return read_all(file.get(), path);
}

}  // namespace

Result<std::optional<std::string>> read_if_there(const std::string& path) {
  auto text = read(path);
  if (text) return std::optional(std::move(*text));
  if (text.error().code() == ErrorCode::NotFound) return std::optional<std::string>();
  return std::move(text).error();
}

Result<std::string> read_file(const std::string& path) {
  return read(path);
}

}  // namespace locket::inline v1::config
