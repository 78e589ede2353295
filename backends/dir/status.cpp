#include "status.hpp"

#include <chrono>

#include <fcntl.h>

namespace locket::inline v1::dir {

Outcome<struct stat> status_at(int folder, const std::string& name, int flags) {
  struct stat status = {};
  const int result = uninterrupted([&] { return ::fstatat(folder, name.c_str(), &status, flags); });
  if (result != 0) return Failed{errno};
  return status;
}

Outcome<struct stat> status_of(int fd) {
  struct stat status = {};
  if (uninterrupted([&] { return ::fstat(fd, &status); }) != 0) return Failed{errno};
  return status;
}

Kind kind_of(const struct stat& status) noexcept {
  if (S_ISREG(status.st_mode)) return Kind::File;
  return S_ISDIR(status.st_mode) ? Kind::Folder : Kind::Other;
}

Identity identity_of(const struct stat& status) noexcept {
#if defined(__APPLE__)
  const timespec& time = status.st_mtimespec;
#else
  const timespec& time = status.st_mtim;
#endif
  const auto since = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  return {.device = static_cast<std::uint64_t>(status.st_dev),
          .inode = static_cast<std::uint64_t>(status.st_ino),
          .size = static_cast<std::uint64_t>(status.st_size),
          .modified = Clock::Wall(std::chrono::duration_cast<Clock::Wall::duration>(since))};
}

}  // namespace locket::inline v1::dir
