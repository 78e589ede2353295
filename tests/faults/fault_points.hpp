#pragma once

#include <string>
#include <vector>

namespace faults {

/// The system calls by which the library and SQLite change files, counted and made to fail. This program defines them
/// under the C library's names, so that every caller in it, shared libraries included, comes through here.
///
/// Not thread-safe: one thread works while a fault is armed.
namespace points {

enum class Fault {
  None,            ///< Counts only.
  Io,              ///< The call fails with EIO.
  NoSpace,         ///< With ENOSPC.
  IoFromThenOn,    ///< So does each later one: the disk is gone.
  FullFromThenOn,  ///< Each later one that needs room fails with ENOSPC: those that only remove go on.
  Kill,            ///< SIGKILL, before the call is made.
};

/// Empty, or why this program cannot do it (a sanitizer has put its own functions there).
std::string unavailable();

/// From now on calls on `folder` and on what is below it are counted, from 1; the one with the number `at` meets
/// `fault`.
void arm(const std::string& folder, int at, Fault fault);
/// Ends that.
void disarm();
/// How many calls were counted, each as "fsync store.db".
const std::vector<std::string>& calls();

}  // namespace points
}  // namespace faults
