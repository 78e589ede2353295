#pragma once

#include <cstdint>
#include <string>

#include <sys/stat.h>

#include <locket/clock.hpp>

#include "outcome.hpp"

namespace locket::inline v1::dir {

enum class Kind : std::uint8_t { File, Folder, Other };

/// Differs when a file was replaced or written to.
struct Identity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  Clock::Wall modified = {};

  friend bool operator==(const Identity&, const Identity&) = default;
};

/// fstatat(2) and fstat(2).
Outcome<struct stat> status_at(int folder, const std::string& name, int flags);
Outcome<struct stat> status_of(int fd);

Kind kind_of(const struct stat& status) noexcept;
Identity identity_of(const struct stat& status) noexcept;

/// Whether both are the same file or folder, whatever was written to it. Only while one of them is held open: the
/// number of a deleted one is given away again.
inline bool same_place(const Identity& a, const Identity& b) noexcept {
  return a.device == b.device && a.inode == b.inode;
}

}  // namespace locket::inline v1::dir
