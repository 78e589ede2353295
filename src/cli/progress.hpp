#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "output.hpp"

namespace locket::cli {

/// Tells on standard error how far long work is: a bar on a terminal, a line each second elsewhere, nothing with
/// --quiet.
class Progress {
 public:
  /// `what` in one word: "rotating".
  Progress(const Output& output, std::string what);
  /// Takes the bar away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t done, std::uint64_t total);

 private:
  using Steady = std::chrono::steady_clock;

  bool quiet_;
  bool terminal_;
  std::string what_;
  bool shown_ = false;
  Steady::time_point last_;
};

}  // namespace locket::cli
