#pragma once

#include <optional>
#include <vector>

namespace locket::cli {

/// The files beside standard input, output and error that this process was given, as a shell's `3>file` does: the
/// program that `run` starts is to have them, too, and not those that libraries have opened since for themselves
/// (libcurl leaves a pair of sockets open over execve(2)).
class InheritedFiles {
 public:
  /// Those that are open now: to be asked before anything is opened.
  static InheritedFiles now();

  /// The next execve(2) closes all but these and the standard files. Where the system does not tell which are open,
  /// it closes nothing. Async-signal-safe.
  void close_others_at_exec() const noexcept;

 private:
  explicit InheritedFiles(std::optional<std::vector<int>> numbers) noexcept;

  /// In ascending order.
  std::optional<std::vector<int>> numbers_;
};

}  // namespace locket::cli
