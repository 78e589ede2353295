#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

#include "child.hpp"
#include "environment_resolver.hpp"
#include "inherited_files.hpp"
#include "output.hpp"
#include "relay.hpp"
#include "secret_watch.hpp"
#include "signal_forwarding.hpp"

namespace locket::cli {

/// What is done when a secret changes.
struct WatchOptions {
  std::chrono::milliseconds interval = std::chrono::seconds(30);
  /// Sent to the program; without one it is started anew.
  std::optional<int> signal = {};
};

/// Runs a program with masked output from its start to its end.
class Supervisor {
 public:
  using Clock = std::chrono::steady_clock;

  /// `words` is borrowed.
  static Result<Supervisor> make(const Output& out, const std::vector<std::string>& words,
                                 ResolvedEnvironment environment, InheritedFiles inherited);

  /// From now on secrets are looked at again and again.
  Result<void> watch(EnvironmentResolver resolver, const WatchOptions& options);

  /// Until the program ends; its exit status as a shell has it. "cli.exec": it cannot be started.
  ///
  /// What the program has started and left behind may keep its output open; what it writes is passed on for a second,
  /// then it is left alone.
  Result<int> run();

 private:
  Supervisor(const Output& out, const std::vector<std::string>& words, ResolvedEnvironment environment,
             InheritedFiles inherited, SignalForwarding signals);

  Result<int> run_once();
  Result<void> start();
  void turn();
  std::vector<pollfd> waited() const;
  int timeout() const;
  void look_at_signals();
  void look_at_child();
  void look_at_watch();
  void adopt(ResolvedEnvironment environment);
  /// Notes about the variables whose secrets are too short to be masked; each is told once, and never its value.
  std::string unmasked();
  void suspend();
  void begin_restart();
  bool is_finished() const;
  int exit_status();
  void tell(const std::string& text);

  const Output* out_;
  const std::vector<std::string>* words_;
  ResolvedEnvironment environment_;
  InheritedFiles inherited_;
  /// All that were ever given to the program.
  std::vector<SecretValue> masked_ = {};
  std::set<std::string> told_unmasked_ = {};
  SecretBuffer room_ = {};
  SignalForwarding signals_;
  std::optional<int> change_signal_ = {};
  std::unique_ptr<SecretWatch> watch_ = {};

  std::unique_ptr<Relay> relay_ = {};
  std::optional<Child> child_ = {};
  std::optional<Change> end_ = {};
  bool restarts_ = false;
  /// When patience with the child, or with what it left behind, ends.
  std::optional<Clock::time_point> deadline_ = {};
};

}  // namespace locket::cli
