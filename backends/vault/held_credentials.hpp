#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/name.hpp>
#include <locket/observer.hpp>
#include <locket/result.hpp>

#include "database_engine.hpp"

namespace locket::inline v1::vault {

using SharedHeld = std::shared_ptr<const Held>;

/// Has the credentials of one role, and sees to it that they are good. What is to be done is done by the call that
/// comes next: while they live, by one of them alone, the others going on with them; without any, all wait for that
/// call and share what it brings, or its error. Nobody hears of a fetch that its own caller gave up; the next one
/// tries.
///
/// **Threads.** All methods may be called from any thread at once.
class HeldCredentials {
 public:
  struct World {
    const DatabaseEngine& engine;
    Clock& clock;
    /// Hears Changed and RefreshFailed.
    std::function<void(Event::Kind kind, NameView role, const Error* error)> notify;
  };

  HeldCredentials(Name role, World world);

  /// Errors: those of a fetch; Timeout and Cancelled by `call`.
  Result<Secret> get(const Call& call);

  /// They do not work: they are not given out any more, unless they are so new that others were meant.
  void reject();

  /// What is given out now, null when there is nothing. Asks nobody.
  SharedHeld current() const;

  /// There never were any.
  bool is_empty() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  /// What came of a turn.
  struct Outcome {
    SharedHeld held = {};  // renewed or fetched
    bool fetched = false;
    bool gone = false;  // Vault does not know the old ones any more
    std::optional<Error> error = {};
    bool given_up = false;  // by the one who called, so that it says nothing about Vault
  };
  class Turn;

  bool lives(Clock::Steady now) const;
  /// None: what was renewed was reported as rejected meanwhile.
  std::optional<Result<Secret>> take_turn(Lock& lock, const Call& call);
  Result<void> await_turn(Lock& lock, const Call& call);

  Outcome fetch(const Call& call) const;
  Outcome refresh(const Held& held, const Call& call) const;
  Outcome refresh_in_time(const Held& held, const Call& call) const;
  void adopt(const Outcome& outcome, Clock::Steady now);
  void tell(const Outcome& outcome, const SharedHeld& old) const;

  const Name role_;
  const World world_;

  mutable std::mutex mutex_;
  std::condition_variable_any turn_ended_;
  bool busy_ = false;        // a thread has its turn
  std::uint64_t turns_ = 0;  // that ended
  Outcome last_;             // turn's

  SharedHeld held_;
  bool is_rejected_ = false;  // `held_` is not to be given out
  Clock::Steady next_ = {};   // when something is to be done about it
};

}  // namespace locket::inline v1::vault
