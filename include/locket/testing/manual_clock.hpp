#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <stop_token>

#include <locket/clock.hpp>
#include <locket/export.hpp>

namespace locket::inline v1::testing {

/// A clock that stands still until it is told to move, so that tests of expiry, deadlines and retries never sleep and
/// always see the same times:
///
///     auto clock = std::make_shared<locket::testing::ManualClock>();
///     auto store = my_store({.clock = clock});
///     …                                    // put a secret that expires in an hour
///     clock->advance(std::chrono::hours(1));   // now it has
///
/// It begins on 1 January 2030, 00:00 UTC.
/// Thread safety: all methods may be called from any thread at once. Reading the time takes no lock, so that a forked
/// child can do it whatever its parent's threads did at that moment.
class LOCKET_EXPORT ManualClock final : public Clock {
 public:
  /// What `wait_until` does when the time has not come.
  enum class Waits : std::uint8_t {
    UntilAdvanced,  ///< Blocks until `advance` reaches the time, or the stop token is triggered.
    Never,          ///< Moves the clock there and goes on: whoever waits brings the time with him, and nothing sleeps.
  };

  explicit ManualClock(Waits waits = Waits::UntilAdvanced) noexcept;

  Wall now() const noexcept override;
  Steady steady() const noexcept override;
  /// With both at once, a time that has come and a triggered token, it answers false, as `system_clock()` does.
  bool wait_until(Steady until, std::stop_token stop) override;

  /// Moves calendar and steady clock on together, and wakes who waited for it. `by` is not negative: a steady clock
  /// never goes back, and what is negative counts as zero.
  void advance(std::chrono::nanoseconds by);
  /// Sets the calendar, forward or back, as an administrator or NTP would; the steady clock does not notice.
  void set_now(Wall now) noexcept;

  /// How many threads are blocked in `wait_until`.
  std::size_t waiting() const;
  /// Blocks until at least `threads` threads are: then a background thread has done its work and waits for the time,
  /// and the test may go on.
  void await_waiting(std::size_t threads) const;

 private:
  const Waits waits_;
  std::atomic<Wall> now_;
  std::atomic<Steady> steady_;
  mutable std::mutex mutex_;  // for the waiting, not for the times
  mutable std::condition_variable_any changed_;
  std::size_t waiting_ = 0;
};

}  // namespace locket::inline v1::testing
