#pragma once

#include <string>
#include <vector>

#include "signal_forwarding.hpp"
#include "variable.hpp"

namespace locket::cli {

struct Launch;

/// The last steps to a program. Made before fork(2), so that nothing is allocated behind it. Borrows the words and the
/// environment.
class ProgramStart {
 public:
  ProgramStart(const std::vector<std::string>& words, const EnvironmentBlock& environment);

  /// Replaces this process; returns errno when it cannot.
  int exec() const noexcept;

  /// In a forked child: takes its standard files, gets its signals back and becomes the program. Where that fails,
  /// writes errno to `failures` and ends.
  [[noreturn]] void run(const Launch& launch, const SignalForwarding& signals, int failures) const noexcept;

 private:
  std::vector<char*> words_;
  char* const* environment_;
};

}  // namespace locket::cli
