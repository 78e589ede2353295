#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// Time, so that tests of expiry and retry never sleep: whoever needs the time asks the clock it was given, and whoever
/// must wait waits on it. Thread safety: all methods may be called from any thread at once.
class LOCKET_EXPORT Clock {
 public:
  using Wall = std::chrono::system_clock::time_point;
  using Steady = std::chrono::steady_clock::time_point;

  virtual ~Clock();
  /// What the calendar says; `expires` is compared with it. It may jump.
  virtual Wall now() const noexcept = 0;
  /// Never goes back; deadlines and the age of cached values are on it.
  virtual Steady steady() const noexcept = 0;
  /// Returns true when `steady()` has reached `until`, false as soon as `stop` is triggered.
  virtual bool wait_until(Steady until, std::stop_token stop) = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

/// The machine's clock. Never null; the same object each time.
LOCKET_EXPORT const std::shared_ptr<Clock>& system_clock();

}  // namespace locket::inline v1
