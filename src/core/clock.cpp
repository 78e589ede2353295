#include <locket/clock.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>

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

// Never destroyed, and owned by nobody, since the destructors of other static objects may still ask for the time.
const std::shared_ptr<Clock>& system_clock() {
  alignas(SystemClock) static std::array<std::byte, sizeof(SystemClock)> place;
  alignas(std::shared_ptr<Clock>) static std::array<std::byte, sizeof(std::shared_ptr<Clock>)> handle;
  static const auto* const clock =
      ::new (handle.data()) std::shared_ptr<Clock>(std::shared_ptr<void>(), ::new (place.data()) SystemClock);
  return *clock;
}

namespace {

// Made when the library is loaded: a child that is forked while a thread is inside the first call would wait for ever.
[[maybe_unused]] const auto& at_load = system_clock();

}  // namespace

}  // namespace locket::inline v1
