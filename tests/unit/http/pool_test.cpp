#include "http/pool.hpp"

#include <atomic>
#include <deque>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "http/library.hpp"
#include "http_test.hpp"

using namespace locket_test;

namespace {

struct Connections {
  explicit Connections(std::size_t limit) : pool(*http::Identity::load({}), settings, limit) {}

  auto lease(std::size_t wanted, std::chrono::milliseconds patience = 0ms, const std::stop_token& stop = {}) {
    return pool.lease(wanted, std::chrono::steady_clock::now() + patience, stop);
  }

  bool started = http::start_library().ok();
  http::Settings settings;
  http::Pool pool;
};

}  // namespace

TEST_CASE("the connections of all channels together are never more than the limit") {
  Connections connections(10);
  auto eight = connections.lease(8);
  REQUIRE(eight);
  CHECK(eight->capacity() == 8);
  auto two = connections.lease(8);
  REQUIRE(two);
  CHECK(two->capacity() == 2);  // better few than none
  CHECK_FALSE(connections.lease(1, 20ms));
}

TEST_CASE("an idle channel is used again: the smallest that will do, the one used last before others") {
  Connections connections(12);
  const http::Channel* first = nullptr;
  const http::Channel* second = nullptr;
  const http::Channel* big = nullptr;
  {
    auto a = connections.lease(1);
    auto b = connections.lease(1);
    auto c = connections.lease(8);
    first = &*a.operator->();
    second = &*b.operator->();
    big = &*c.operator->();
  }  // given back: c, b, a
  auto one = connections.lease(1);
  auto another = connections.lease(1);
  auto third = connections.lease(8);
  CHECK(one.operator->() == first);
  CHECK(another.operator->() == second);
  CHECK(third.operator->() == big);
}

TEST_CASE("a single request takes an idle batch channel rather than a new connection, a batch closes single ones") {
  Connections connections(16);
  const http::Channel* big = nullptr;
  {
    const auto batch = connections.lease(8);
    big = batch.operator->();
  }
  {
    auto single = connections.lease(1);
    CHECK(single.operator->() == big);
    CHECK(connections.lease(8)->capacity() == 8);
  }
  Connections others(4);
  {
    auto a = others.lease(1);
    auto b = others.lease(1);
    auto c = others.lease(1);
  }
  CHECK(others.lease(4)->capacity() == 4);
}

TEST_CASE("what batches opened is there for single requests, too") {
  for (const std::size_t limit : {8U, 16U}) {
    Connections connections(limit);
    {
      auto a = connections.lease(8);
      auto b = connections.lease(8, 0ms);
    }
    std::deque<http::Pool::Lease> singles;
    std::size_t total = 0;
    while (auto single = connections.lease(1)) {
      total += single->capacity();
      singles.push_back(std::move(single));
    }
    CHECK(singles.size() > limit / 2);
    CHECK(total == limit);
    // The one that kept all of its connections gives them up where others have none.
    singles.pop_front();
    while (auto single = connections.lease(1)) singles.push_back(std::move(single));
    CHECK(singles.size() == limit);
    singles.clear();
    CHECK(connections.lease(8)->capacity() == 8);
  }
}

TEST_CASE("a channel is not closed for one that would be no larger") {
  Connections connections(10);
  auto eight = connections.lease(8);
  const http::Channel* two = &*connections.lease(8).operator->();
  const auto again = connections.lease(8);
  CHECK(again.operator->() == two);
}

TEST_CASE("all who wait get a connection when one is given back that was more than one") {
  Connections connections(4);
  auto held = std::optional(connections.lease(4));
  std::atomic<int> served = 0;
  std::vector<std::jthread> waiters;
  std::latch all(4);
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] {
      const auto lease = connections.lease(1, 10s);
      served += lease ? 1 : 0;
      all.arrive_and_wait();  // keeps it until all have theirs
    });
  }
  held.reset();
  waiters.clear();
  CHECK(served == 4);
}

TEST_CASE("who waits for a connection gets the next that is given back, or is cancelled") {
  Connections connections(1);
  auto held = std::optional(connections.lease(1));
  std::jthread waiter([&] { CHECK(connections.lease(1, 10s)); });
  held.reset();
  waiter.join();
  held.emplace(connections.lease(1));
  std::stop_source source;
  std::jthread canceller([&] { source.request_stop(); });
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(connections.lease(1, 10s, source.get_token()));
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}
