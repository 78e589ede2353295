#include <locket/testing/manual_clock.hpp>

#include <atomic>
#include <thread>

#include <catch2/catch_test_macros.hpp>

using locket::testing::ManualClock;
using namespace std::chrono_literals;

TEST_CASE("a manual clock stands still until it is advanced, both times together") {
  ManualClock clock;
  const auto now = clock.now();
  const auto steady = clock.steady();
  CHECK(clock.now() == now);
  clock.advance(90s);
  CHECK(clock.now() == now + 90s);
  CHECK(clock.steady() == steady + 90s);
  clock.advance(-1h);
  CHECK(clock.steady() == steady + 90s);
}

TEST_CASE("setting the calendar leaves the steady time alone") {
  ManualClock clock;
  const auto steady = clock.steady();
  clock.set_now(clock.now() - 24h);
  CHECK(clock.steady() == steady);
  CHECK(clock.now() < ManualClock().now());
}

TEST_CASE("a manual clock starts on a whole second that is not today") {
  const auto now = ManualClock().now();
  CHECK(std::chrono::floor<std::chrono::seconds>(now) == now);
  CHECK(std::chrono::floor<std::chrono::days>(now) == std::chrono::sys_days(std::chrono::January / 1 / 2030));
}

TEST_CASE("waiting ends when the clock is advanced far enough") {
  ManualClock clock;
  const auto until = clock.steady() + 10s;
  std::atomic<bool> ended = false;
  bool came = false;
  std::jthread waiter([&] {
    came = clock.wait_until(until, {});
    ended = true;
  });
  clock.await_waiting(1);
  CHECK(clock.waiting() == 1);
  clock.advance(9s);
  clock.await_waiting(1);
  CHECK_FALSE(ended);
  clock.advance(1s);
  waiter.join();
  CHECK(came);
  CHECK(clock.waiting() == 0);
}

TEST_CASE("waiting for a time that has come does not block") {
  ManualClock clock;
  CHECK(clock.wait_until(clock.steady(), {}));
  CHECK(clock.wait_until(clock.steady() - 1s, {}));
}

TEST_CASE("waiting ends with false when its stop token is triggered") {
  ManualClock clock;
  bool came = true;
  std::jthread waiter([&](const std::stop_token& stop) { came = clock.wait_until(clock.steady() + 10s, stop); });
  clock.await_waiting(1);
  waiter.request_stop();
  waiter.join();
  CHECK_FALSE(came);

  std::stop_source stopped;
  stopped.request_stop();
  CHECK_FALSE(clock.wait_until(clock.steady() + 1s, stopped.get_token()));
  CHECK_FALSE(clock.wait_until(clock.steady(), stopped.get_token()));
}

TEST_CASE("a clock on which nobody waits moves to the time that is waited for") {
  ManualClock clock(ManualClock::Waits::Never);
  const auto now = clock.now();
  const auto steady = clock.steady();
  CHECK(clock.wait_until(steady + 5s, {}));
  CHECK(clock.steady() == steady + 5s);
  CHECK(clock.now() == now + 5s);
  CHECK(clock.wait_until(steady, {}));
  CHECK(clock.steady() == steady + 5s);

  std::stop_source stopped;
  stopped.request_stop();
  CHECK_FALSE(clock.wait_until(steady + 9s, stopped.get_token()));
  CHECK(clock.steady() == steady + 5s);
}

TEST_CASE("advancing wakes all who waited, and is counted whole from several threads") {
  ManualClock clock;
  const auto steady = clock.steady();
  {
    std::vector<std::jthread> waiters;
    for (int i = 0; i < 4; ++i) waiters.emplace_back([&] { clock.wait_until(steady + 4s, {}); });
    clock.await_waiting(4);
    std::vector<std::jthread> hands;
    for (int i = 0; i < 4; ++i) hands.emplace_back([&] { clock.advance(1s); });
  }
  CHECK(clock.steady() == steady + 4s);
}
