#include "testing/race.hpp"

#include <latch>
#include <new>
#include <thread>
#include <vector>

namespace locket::inline v1::testing {
namespace {

// Nothing may leave a thread but by its end.
void run_caught(Trial& t, const std::function<void(std::size_t)>& body, std::size_t i) noexcept {
  try {
    body(i);
  } catch (...) {
    t.fail("nothing to be thrown on a thread", "an exception");
  }
}

}  // namespace

void race(Trial& t, std::size_t threads, const std::function<void(std::size_t)>& body) {
  std::latch start(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::jthread> running;
  running.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      start.arrive_and_wait();
      run_caught(t, body, i);
    });
  }
}

}  // namespace locket::inline v1::testing
