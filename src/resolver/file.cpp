#include "resolver/file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/printable.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t chunk_size = 65536;

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
                .hint = "raise ResolverOptions::max_input"});
}

// Reads to the end, whatever size the file said to have.
Result<SecretBuffer> read_all(int fd, const std::string& path, std::size_t size, std::size_t max_size) {
  SecretBuffer contents;
  contents.reserve(std::min(size, max_size) + 1);
  for (;;) {
    const std::span<char> room = contents.prepare(std::max<std::size_t>(1, std::min(chunk_size, max_size + 1)));
    const ssize_t got = ::read(fd, room.data(), room.size());
    if (got == 0) return contents;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    contents.commit(static_cast<std::size_t>(got));
    if (contents.size() > max_size) return too_large(path, max_size);
  }
}

}  // namespace

// Opened before it is looked at, so that both mean the same file; a pipe does not block that way.
Result<SecretBuffer> read_file(const std::string& path, std::size_t max_size) {
  if (path.find('\0') != std::string::npos) {
    return file_error(path, ErrorCode::InvalidArgument, "the path holds a NUL byte", "look at the path");
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0) return system_error(path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (!S_ISREG(status.st_mode)) return not_regular(path);
  return read_all(file.get(), path, static_cast<std::size_t>(status.st_size), max_size);
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace locket::inline v1::resolver
