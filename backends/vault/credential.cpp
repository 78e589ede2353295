#include "credential.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <locket/secret_buffer.hpp>

#include "core/descriptor.hpp"
#include "core/printable.hpp"
#include "core/read_to_end.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr std::size_t largest = std::size_t{64} << 10U;
constexpr std::size_t expected = 2048;

Error missing(std::string message, std::string hint) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.credential",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error unreadable(std::string_view what, const std::string& path, const std::string& why) {
  return missing(fmt::format("cannot read {} from '{}': {}", what, printable(path), why),
                 "check the path, and that the user that the program runs as may read it");
}

// Where a path belongs, people put the secret itself; then it must not be told.
Error not_there(std::string_view what, const std::string& path, int error) {
  if (path.find('/') != std::string::npos) return unreadable(what, path, std::generic_category().message(error));
  return missing(fmt::format("the file that should hold {} is not in the working folder", what),
                 "give the file's whole path, and not what is in it");
}

// Opening a pipe waits for its writer, maybe for ever; one below /dev/fd has it already.
bool hangs(const std::string& path) {
  if (path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/")) return false;
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode));
}

Result<SecretBuffer> read_file(const std::string& path, std::string_view what) {
  if (hangs(path)) return unreadable(what, path, "it is a pipe or a device");
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.ok() && (errno == ENOENT || errno == ENAMETOOLONG)) return not_there(what, path, errno);
  if (!file.ok()) return unreadable(what, path, std::generic_category().message(errno));
  SecretBuffer contents;
  const int failed = read_to_end(file.get(), expected, largest, contents);
  if (failed == EFBIG) return unreadable(what, path, "it has more than 64 KiB");
  if (failed != 0) return unreadable(what, path, std::generic_category().message(failed));
  return contents;
}

Result<SecretValue> from_file(const std::string& path, std::string_view what) {
  auto contents = read_file(path, what);
  if (!contents) return std::move(contents).error();
  if (contents->view().ends_with('\n'))
    contents->truncate(contents->size() - (contents->view().ends_with("\r\n") ? 2 : 1));
  if (contents->empty()) return unreadable(what, path, "it is empty");
  return std::move(*contents).finish();
}

Result<SecretValue> from_variable(const std::string& name, std::string_view what) {
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return SecretValue(value);
  return missing(fmt::format("the environment variable '{}', which should hold {}, is not set", printable(name), what),
                 "set it before the program starts");
}

}  // namespace

Result<void> check(const Credential& credential, std::string_view what) {
  const int set = int{!credential.file.empty()} + int{!credential.variable.empty()} + int{credential.value != nullptr};
  if (set == 1) {
    if (credential.file.find('\0') == std::string::npos) return {};
    return invalid_option(fmt::format("the path of the file with {} holds a NUL byte", what));
  }
  return invalid_option(fmt::format("{} is given {}", what, set == 0 ? "nowhere" : "in more than one way"),
                        "give it once: in a file, in an environment variable, or by the program itself");
}

Result<SecretValue> read(const Credential& credential, std::string_view what) {
  if (credential.value) {
    if (!credential.value->empty()) return credential.value->clone();
    return missing(fmt::format("{} is empty", what), "the program gives it: look where it takes it from");
  }
  return credential.file.empty() ? from_variable(credential.variable, what) : from_file(credential.file, what);
}

FileMark mark_of(const Credential& credential) {
  struct stat status = {};
  if (credential.file.empty() || ::stat(credential.file.c_str(), &status) != 0) return {};
#if defined(__APPLE__)
  const timespec changed = status.st_mtimespec;
#else
  const timespec changed = status.st_mtim;
#endif
  return {.device = static_cast<std::uint64_t>(status.st_dev),
          .inode = static_cast<std::uint64_t>(status.st_ino),
          .size = static_cast<std::int64_t>(status.st_size),
          .changed_seconds = static_cast<std::int64_t>(changed.tv_sec),
          .changed_nanoseconds = static_cast<std::int64_t>(changed.tv_nsec)};
}

}  // namespace locket::inline v1::vault
