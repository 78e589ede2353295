#pragma once

#include <stop_token>

#include <locket/call.hpp>

namespace locket::cli {

/// While it lives, Ctrl-C (SIGINT) and SIGTERM do not end the program but ask the work to stop, which it does between
/// two steps. One at a time.
class Interrupt {
 public:
  Interrupt() noexcept;
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Whether a signal came. Triggers the stop token of `call()` then, which a signal handler may not do.
  bool happened() noexcept;
  Call call() const { return {.stop = stop_.get_token()}; }

 private:
  std::stop_source stop_ = {};
};

}  // namespace locket::cli
