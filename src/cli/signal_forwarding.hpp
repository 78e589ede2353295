#pragma once

#include <csignal>
#include <optional>

#include <sys/types.h>

#include <locket/result.hpp>

#include "pipe.hpp"

namespace locket::cli {

/// Which signals came since they were last asked for.
struct SignalsSeen {
  /// A child ended or stopped.
  bool child = false;
  /// The terminal has another size.
  bool resized = false;
  /// This process was stopped, and goes on.
  bool continued = false;
  /// SIGHUP, SIGINT, SIGQUIT or SIGTERM: the program is to end.
  bool ending = false;
};

/// While it lives, the signals that end, stop or wake a program go to the child instead, at once: from the handler, so
/// also while this process waits in a system call. What the terminal sends to a child in this process's own group has
/// reached it already, and is not sent twice. What was ignored (nohup) stays ignored. One at a time; of one thread.
///
/// A stop that reaches the child's group stops this process, too, so that the shell sees the job stopped.
class SignalForwarding {
 public:
  static Result<SignalForwarding> install();
  SignalForwarding(SignalForwarding&& other) noexcept;
  SignalForwarding& operator=(SignalForwarding&&) = delete;
  SignalForwarding(const SignalForwarding&) = delete;
  SignalForwarding& operator=(const SignalForwarding&) = delete;
  /// Everything as it was.
  ~SignalForwarding();

  /// Who gets them from now on, and the last one that came while nobody did. `own_group`: the child leads a process
  /// group, and a session, of its own.
  static void send_to(pid_t child, bool own_group) noexcept;
  static void send_to_nobody() noexcept;

  /// Stops this process's whole group, as Ctrl-Z does; returns when it goes on, or at once when nobody could continue
  /// it.
  static void stop_group() noexcept;

  /// Readable when there is something to take.
  int wake_fd() const noexcept { return wake_.reading.get(); }
  SignalsSeen take() const noexcept;

  /// None is delivered to this thread from here to `release`, so that none is lost between fork(2) and `send_to`.
  static void hold() noexcept;
  void release() const noexcept;
  /// In a forked child, before execve(2): dispositions and mask as they were before `install`.
  void undo() const noexcept;

 private:
  explicit SignalForwarding(Pipe wake) noexcept;

  Pipe wake_;
  sigset_t mask_ = {};
  bool installed_ = true;
};

/// "HUP", "SIGHUP", "hup" or "1". InvalidArgument, with the names.
Result<int> parse_signal(const std::string& name);

}  // namespace locket::cli
