#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <locket/result.hpp>

#include "descriptor.hpp"
#include "inherited_files.hpp"
#include "signal_forwarding.hpp"
#include "variable.hpp"

namespace locket::cli {

/// What is started.
struct Launch {
  /// The program, looked for in PATH when it has no '/', and its arguments.
  const std::vector<std::string>& words;
  const EnvironmentBlock& environment;
  /// What its standard input, output and error are; this process's own where it is -1.
  int input = -1;
  int output = -1;
  int error = -1;
  /// The program gets a session of its own, of which `output` is the terminal.
  bool own_session = false;
  /// The other files that the program has; all that are open without it.
  const InheritedFiles* inherited = nullptr;
  /// Open files of this process that would keep a pipe or terminal alive in a session's leader.
  std::vector<int> not_for_leader = {};
};

/// A program that cannot be started has the reason "cli.exec": NotFound when there is none.
inline constexpr const char* exec_reason = "cli.exec";
/// What a shell exits with then: 127 when there is no such program, 126 when it is none.
int exec_status(const Error& error) noexcept;

/// Becomes the program, in its environment and with these files: returns only when that fails ("cli.exec").
Error become(const std::vector<std::string>& words, const EnvironmentBlock& environment,
             const InheritedFiles& inherited);

/// How a child's state changed.
struct Change {
  enum class Kind : std::uint8_t { Exited, Killed, Stopped };
  Kind kind = Kind::Exited;
  /// The exit status, or the signal.
  int number = 0;

  /// What a shell makes of it: 128 and the signal for one that was killed.
  int exit_status() const noexcept { return kind == Kind::Exited ? number : 128 + number; }
};

/// A program that was started, and gets the signals that this process gets.
///
/// In a session of its own it is not the leader itself: a stopped program must have a parent within the session, or the
/// kernel drops the stop (POSIX: orphaned process groups). The leader is a fork of this process that does nothing but
/// wait and report.
class Child {
 public:
  /// `signals` are on from here. Errors: "cli.exec", and what fork(2) says.
  static Result<Child> start(const Launch& launch, const SignalForwarding& signals);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Lets the leader go, and with it the terminal.
  ~Child();

  /// Readable when its state changed; -1 when SIGCHLD says so.
  int change_fd() const noexcept { return leader_ ? leader_->changes.get() : -1; }
  /// Its next change; none when there was none. A stop is told only of one in a session of its own, for any other stops
  /// together with this process.
  std::optional<Change> next_change();
  /// Nothing when it has ended.
  void send(int signal) const noexcept;
  /// The whole group of one in a session of its own.
  void send_to_group(int signal) const noexcept;

 private:
  struct Leader {
    pid_t pid;
    Descriptor changes;
    Descriptor leash;
  };
  Child(pid_t pid, std::optional<Leader> leader) noexcept : pid_(pid), leader_(std::move(leader)) {}
  static Result<Child> start_here(const Launch& launch, const SignalForwarding& signals);
  static Result<Child> start_in_session(const Launch& launch, const SignalForwarding& signals);
  void ended() noexcept;

  pid_t pid_;
  std::optional<Leader> leader_;
};

}  // namespace locket::cli
