#include <locket/clock.hpp>

#include <condition_variable>
#include <mutex>

namespace locket::inline v1 {
namespace {

class SystemClock final : public Clock {
 public:
  Wall now() const noexcept override { return std::chrono::system_clock::now(); }
  Steady steady() const noexcept override { return std::chrono::steady_clock::now(); }

  // The condition variable is the call's own: nothing is shared, so a fork cannot find it locked.
  bool wait_until(Steady until, std::stop_token stop) override {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_until(lock, stop, until, [] { return false; });
    return !stop.stop_requested();
  }
};

}  // namespace

Clock::~Clock() = default;

const std::shared_ptr<Clock>& system_clock() {
  static const std::shared_ptr<Clock> clock = std::make_shared<SystemClock>();
  return clock;
}

}  // namespace locket::inline v1
