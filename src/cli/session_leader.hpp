#pragma once

#include "signal_forwarding.hpp"

namespace locket::cli {

struct Launch;
class ProgramStart;

/// The leader's ends of its pipes.
struct LeaderPipes {
  /// errno, when the program cannot be started.
  int failures;
  /// The program's process id, then a siginfo_t for each time that it stops, and for its end.
  int changes;
  /// At its end the leader ends.
  int leash;
};

/// What a forked child does to lead a session: takes the terminal `launch.output`, starts the program as the foreground
/// job there, and reports what happens to it. It stays until the leash ends, because with a leader the terminal goes,
/// and nothing of what was written to it may be lost. All signals are held when it is called.
[[noreturn]] void lead_session(const ProgramStart& start, const Launch& launch, const SignalForwarding& signals,
                               const LeaderPipes& pipes) noexcept;

}  // namespace locket::cli
