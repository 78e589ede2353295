#include "fault_points.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "campaign.hpp"

namespace faults::points {
namespace {

struct Watch {
  std::string folder = {};
  int at = 0;
  Fault fault = Fault::None;
  bool armed = false;
  std::vector<std::string> calls = {};
};
Watch& watch() {
  static Watch only;
  return only;
}

}  // namespace

void arm(const std::string& folder, int at, Fault fault) {
  watch() = {.folder = folder, .at = at, .fault = fault, .armed = true};
}
void disarm() {
  watch().armed = false;
}
const std::vector<std::string>& calls() {
  return watch().calls;
}

#if defined(LOCKET_UNDER_SANITIZER) || !defined(__linux__)

std::string unavailable() {
  return "because a sanitizer has its own functions in the place of the C library's, or this is not Linux";
}

#else

std::string unavailable() {
  return {};
}

namespace {

/// What a call does with the disk: one that takes away needs no room there.
enum class Needs { Room, NoRoom };

/// 0, or the number of the error that the call meets; does not return from a SIGKILL.
int met(const char* call, const std::string& path, Needs needs) {
  Watch& watching = watch();
  if (!watching.armed || !path.starts_with(watching.folder)) return 0;
  watching.armed = false;  // what follows here is no call of the library's
  const std::string file = path.size() > watching.folder.size() ? path.substr(watching.folder.size() + 1) : ".";
  watching.calls.push_back(std::string(call) + " " + file);
  watching.armed = true;
  const int number = static_cast<int>(watching.calls.size());
  const bool here = number == watching.at;
  const bool since = watching.at != 0 && number >= watching.at;
  switch (watching.fault) {
    case Fault::None: return 0;
    case Fault::Io: return here ? EIO : 0;
    case Fault::NoSpace: return here ? ENOSPC : 0;
    case Fault::IoFromThenOn: return since ? EIO : 0;
    case Fault::FullFromThenOn: return since && needs == Needs::Room ? ENOSPC : 0;
    case Fault::Kill:
      if (here) ::kill(::getpid(), SIGKILL);
      return 0;
  }
  return 0;
}

int met(const char* call, int fd, Needs needs) {
  if (!watch().armed) return 0;
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  return length <= 0 ? 0 : met(call, std::string(path.data(), static_cast<std::size_t>(length)), needs);
}

/// A write over what is there already takes no room on the disks that people have.
Needs needs_of_write(int fd, size_t size, off64_t at) {
  struct stat found = {};
  const bool inside = ::fstat(fd, &found) == 0 && at + static_cast<off64_t>(size) <= found.st_size;
  return inside ? Needs::NoRoom : Needs::Room;
}

template <class... Argument>
long perform(int met, long number, Argument... argument) {
  if (met != 0) {
    errno = met;
    return -1;
  }
  return ::syscall(number, argument...);
}

int opened(const char* path, int flags, mode_t mode) {
  const bool makes = (flags & O_CREAT) != 0;
  const int failure = met(makes ? "open-new" : "open", std::string(path), makes ? Needs::Room : Needs::NoRoom);
  return static_cast<int>(perform(failure, SYS_openat, AT_FDCWD, path, flags, mode));
}

}  // namespace

#define LOCKET_INTERPOSED extern "C" __attribute__((visibility("default")))

// NOLINTBEGIN(cert-dcl50-cpp,cppcoreguidelines-pro-type-vararg,readability-inconsistent-declaration-parameter-name)

LOCKET_INTERPOSED ssize_t write(int fd, const void* data, size_t size) {
  return perform(met("write", fd, Needs::Room), SYS_write, fd, data, size);
}
LOCKET_INTERPOSED ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  return perform(met("pwrite", fd, needs_of_write(fd, size, at)), SYS_pwrite64, fd, data, size, at);
}
LOCKET_INTERPOSED ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  return perform(met("pwrite", fd, needs_of_write(fd, size, at)), SYS_pwrite64, fd, data, size, at);
}
LOCKET_INTERPOSED int fsync(int fd) {
  return static_cast<int>(perform(met("fsync", fd, Needs::NoRoom), SYS_fsync, fd));
}
LOCKET_INTERPOSED int fdatasync(int fd) {
  return static_cast<int>(perform(met("fdatasync", fd, Needs::NoRoom), SYS_fdatasync, fd));
}
LOCKET_INTERPOSED int ftruncate(int fd, off_t size) noexcept {
  return static_cast<int>(perform(met("ftruncate", fd, Needs::NoRoom), SYS_ftruncate, fd, size));
}
LOCKET_INTERPOSED int ftruncate64(int fd, off64_t size) noexcept {
  return static_cast<int>(perform(met("ftruncate", fd, Needs::NoRoom), SYS_ftruncate, fd, size));
}
LOCKET_INTERPOSED int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(
      perform(met("rename", std::string(from), Needs::Room), SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}
LOCKET_INTERPOSED int link(const char* from, const char* to) noexcept {
  return static_cast<int>(
      perform(met("link", std::string(from), Needs::Room), SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
LOCKET_INTERPOSED int unlink(const char* path) noexcept {
  return static_cast<int>(perform(met("unlink", std::string(path), Needs::NoRoom), SYS_unlinkat, AT_FDCWD, path, 0));
}
LOCKET_INTERPOSED int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(perform(met("mkdir", std::string(path), Needs::Room), SYS_mkdirat, AT_FDCWD, path, mode));
}
LOCKET_INTERPOSED int fchmod(int fd, mode_t mode) noexcept {
  return static_cast<int>(perform(met("fchmod", fd, Needs::NoRoom), SYS_fchmod, fd, mode));
}
LOCKET_INTERPOSED int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const auto mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return opened(path, flags, mode);
}
LOCKET_INTERPOSED int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const auto mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return opened(path, flags, mode);
}

// NOLINTEND(cert-dcl50-cpp,cppcoreguidelines-pro-type-vararg,readability-inconsistent-declaration-parameter-name)

#endif

}  // namespace faults::points
