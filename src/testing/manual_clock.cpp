#include <locket/testing/manual_clock.hpp>

#include <algorithm>

namespace locket::inline v1::testing {
namespace {

// 2030-01-01T00:00:00Z: whole, so that a store that keeps seconds keeps it, and not today, so that whoever asks the
// machine's clock instead is found out.
constexpr std::chrono::seconds first_day{1'893'456'000};
// Not zero, so that there is a time before the beginning.
constexpr std::chrono::hours uptime{24};

}  // namespace

ManualClock::ManualClock(Waits waits) noexcept : waits_(waits), now_(Wall(first_day)), steady_(Steady(uptime)) {}

Clock::Wall ManualClock::now() const noexcept {
  return now_.load();
}
Clock::Steady ManualClock::steady() const noexcept {
  return steady_.load();
}

bool ManualClock::wait_until(Steady until, std::stop_token stop) {
  if (waits_ == Waits::Never) {
    if (stop.stop_requested()) return false;
    advance(until - steady());
    return true;
  }
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, stop, [&] { return steady() >= until; });
  --waiting_;
  return !stop.stop_requested();
}

void ManualClock::advance(std::chrono::nanoseconds by) {
  const auto forward = std::max(by, std::chrono::nanoseconds::zero());
  const std::lock_guard lock(mutex_);
  now_ = now() + std::chrono::duration_cast<Wall::duration>(forward);
  steady_ = steady() + std::chrono::duration_cast<Steady::duration>(forward);
  changed_.notify_all();
}

void ManualClock::set_now(Wall now) noexcept {
  const std::lock_guard lock(mutex_);
  now_ = now;
}

std::size_t ManualClock::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void ManualClock::await_waiting(std::size_t threads) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= threads; });
}

}  // namespace locket::inline v1::testing
