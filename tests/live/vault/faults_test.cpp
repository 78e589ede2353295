// Slow, broken and silent networks between the store and a real OpenBao.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include "over_bad_way.hpp"

namespace {

using namespace locket;
using namespace std::chrono_literals;
using locket_test::BadWay;
using locket_test::OverBadWay;
using locket_test::versions_of;
using Steady = std::chrono::steady_clock;

std::string text(const Result<Secret>& secret) {
  return secret ? std::string(secret->value().expose()) : secret.error().to_string();
}

template <class T>
void check_failed(const Result<T>& result, ErrorCode code, Effect effect) {
  REQUIRE_FALSE(result);
  INFO(result.error());
  CHECK(result.error().code() == code);
  CHECK(result.error().retryable());
  CHECK(result.error().effect() == effect);
}

/// What makes the way good as soon as a call is made once more.
class Repairs final : public Observer {
 public:
  explicit Repairs(BadWay& way) : way_(way) {}
  void on_event(const Event& event) noexcept override {
    if (event.kind != Event::Kind::Retry) return;
    way_.make_good();
    ++retries;
  }
  std::atomic<int> retries = 0;

 private:
  BadWay& way_;
};

// "0100007F:1F90", address and port.
unsigned long port_of(const std::string& end) {
  return std::stoul(end.substr(end.find(':') + 1), nullptr, 16);
}

// How many connections this machine has to that port. The table may move while it is read, so a line can come twice.
std::size_t connections_to(int port) {
  std::ifstream table("/proc/net/tcp");
  std::string line;
  std::getline(table, line);  // the columns' names
  std::set<std::string> from;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string state;
    words >> number >> local >> remote >> state;
    constexpr std::string_view established = "01";
    if (state == established && port_of(remote) == static_cast<unsigned long>(port)) from.insert(local);
  }
  return from.size();
}

}  // namespace

TEST_CASE_METHOD(OverBadWay, "On a slow network calls succeed or time out", "[faults]") {
  const auto store = open(3);
  REQUIRE(store->put("slow/db", SecretData::bytes("first")));
  way.make("latency", R"("latency":400)");
  SECTION("with time enough") {
    CHECK(text(store->get("slow/db")) == "first");
  }
  SECTION("a read") {
    const auto begin = Steady::now();
    check_failed(store->get("slow/db", {}, within(100ms)), ErrorCode::Timeout, Effect::None);
    CHECK(Steady::now() - begin < 5s);
  }
  SECTION("a write that was sent") {
    const std::uint64_t before = versions_of(*direct, "slow/db");
    const auto put = store->put("slow/db", SecretData::bytes("second"), {}, within(100ms));
    check_failed(put, ErrorCode::Timeout, Effect::Unknown);
    CHECK(text(direct->get("slow/db")) == "second");
    CHECK(versions_of(*direct, "slow/db") == before + 1);
  }
  SECTION("a write that found no connection") {
    way.shut(true);
    way.shut(false);
    const std::uint64_t before = versions_of(*direct, "slow/db");
    const auto put = store->put("slow/db", SecretData::bytes("third"), {}, within(100ms));
    check_failed(put, ErrorCode::Timeout, Effect::None);
    CHECK(versions_of(*direct, "slow/db") == before);
  }
}

TEST_CASE_METHOD(OverBadWay, "What trickles in is whole or times out", "[faults]") {
  const auto store = open(1);
  const std::string big(200'000, 'b');
  REQUIRE(store->put("trickle/big", SecretData::bytes(big)));
  SECTION("little by little") {
    way.make("bandwidth", R"("rate":20)");  // KB/s
    check_failed(store->get("trickle/big", {}, within(1s)), ErrorCode::Timeout, Effect::None);
    way.make_good();
    CHECK(text(store->get("trickle/big")) == big);
  }
  SECTION("slowly") {
    way.make("bandwidth", R"("rate":400)");
    CHECK(text(store->get("trickle/big")) == big);
  }
  SECTION("in pieces") {
    way.make("slicer", R"("average_size":500,"size_variation":400,"delay":50)");
    CHECK(text(store->get("trickle/big")) == big);
  }
}

TEST_CASE_METHOD(OverBadWay, "A connection that is reset is a network error", "[faults]") {
  const auto store = open(1);
  REQUIRE(store->put("reset/db", SecretData::bytes("first")));
  way.make("reset_peer", R"("timeout":0)");
  check_failed(store->get("reset/db"), ErrorCode::Network, Effect::None);
  way.make_good();
  CHECK(text(store->get("reset/db")) == "first");
}

TEST_CASE_METHOD(OverBadWay, "A write over a connection that is reset is never done twice", "[faults]") {
  auto changed = options(3);
  changed.settings.observer = std::make_shared<Repairs>(way);  // a second attempt would find the server
  const auto store = opened(changed);
  REQUIRE(store->put("reset/put", SecretData::bytes("first")));
  for (int i = 0; i < 40; ++i) {
    REQUIRE(store->get("reset/put"));  // the connection is there already
    const std::uint64_t before = versions_of(*direct, "reset/put");
    way.make("reset_peer", fmt::format(R"("timeout":{})", i % 8), i % 2 == 0 ? "upstream" : "downstream");
    const auto put = store->put("reset/put", SecretData::bytes(fmt::format("number {}", i)));
    way.make_good();
    const std::uint64_t after = versions_of(*direct, "reset/put");
    CHECK(after - before <= 1);
    if (put) {
      CHECK(after == before + 1);
    } else {
      CHECK(put.error().code() == ErrorCode::Network);
      if (put.error().effect() == Effect::None) CHECK(after == before);
    }
  }
}

TEST_CASE_METHOD(OverBadWay, "A read whose answer broke off is made once more", "[faults]") {
  auto changed = options(3);
  const auto repairs = std::make_shared<Repairs>(way);
  changed.settings.observer = repairs;
  const auto store = opened(changed);
  REQUIRE(store->put("again/db", SecretData::bytes("first")));
  way.shut(true);
  way.shut(false);
  way.close_after(700);
  CHECK(text(store->get("again/db")) == "first");
  CHECK(repairs->retries == 1);
}

TEST_CASE_METHOD(OverBadWay, "Each of many reads over breaking connections is whole or a network error", "[faults]") {
  std::vector<Name> names;
  for (int i = 0; i < 60; ++i) {
    const std::string name = fmt::format("many/n{}", i);
    REQUIRE(direct->put(name, SecretData::bytes("the value of " + name)));
    names.push_back(Name::parse(name).value());
  }
  std::vector<GetRequest> requests;
  requests.reserve(names.size());
  for (const Name& name : names) requests.push_back({.name = name});
  const std::uint32_t attempts = GENERATE(1U, 3U);
  const auto store = open(attempts);
  REQUIRE(store->get("many/n0"));
  std::size_t good = 0;
  std::size_t broken = 0;
  for (int bytes = 500; bytes < 12'000; bytes += 700) {
    way.shut(true);
    way.shut(false);
    way.close_after(bytes);
    const auto secrets = store->get_many(requests);
    REQUIRE(secrets.size() == names.size());
    for (std::size_t i = 0; i < secrets.size(); ++i) {
      if (secrets[i]) {
        CHECK(text(secrets[i]) == fmt::format("the value of {}", names[i].text()));
        ++good;
      } else {
        CHECK(secrets[i].error().code() == ErrorCode::Network);
        CHECK(secrets[i].error().effect() == Effect::None);
        ++broken;
      }
    }
  }
  CHECK(good > 100);
  if (attempts == 1) CHECK(broken > 0);
}

TEST_CASE_METHOD(OverBadWay, "A connection that falls silent ends with the call's time and is used no more",
                 "[faults]") {
  auto few = options(3);
  few.connection.connections = 2;
  few.connection.connect_timeout = 300ms;
  const auto store = opened(few);
  REQUIRE(store->put("silent/db", SecretData::bytes("first")));
  SECTION("behind the request") {
    way.make("timeout", R"("timeout":0)");
    const std::uint64_t before = versions_of(*direct, "silent/db");
    const auto put = store->put("silent/db", SecretData::bytes("second"), {}, within(200ms));
    check_failed(put, ErrorCode::Timeout, Effect::Unknown);
    CHECK(versions_of(*direct, "silent/db") == before + 1);
  }
  SECTION("before it") {
    way.make("timeout", R"("timeout":0)", "upstream");
    const std::uint64_t before = versions_of(*direct, "silent/db");
    const auto put = store->put("silent/db", SecretData::bytes("second"), {}, within(200ms));
    check_failed(put, ErrorCode::Timeout, Effect::Unknown);
    CHECK(versions_of(*direct, "silent/db") == before);
  }
  SECTION("before it is safe") {
    way.shut(true);
    way.shut(false);
    way.make("timeout", R"("timeout":0)");
    const std::uint64_t before = versions_of(*direct, "silent/db");
    check_failed(store->put("silent/db", SecretData::bytes("second")), ErrorCode::Timeout, Effect::None);
    CHECK(versions_of(*direct, "silent/db") == before);
  }
  SECTION("for a while, and is then closed") {
    way.make("timeout", R"("timeout":100)");
    check_failed(store->get("silent/db"), ErrorCode::Network, Effect::None);
  }
  // Whatever is still waiting there, the pool's connections are free again.
  for (int i = 0; i < 6; ++i) {
    CHECK_FALSE(store->get("silent/db", {}, within(50ms)));
  }
  way.make_good();
  CHECK(text(store->get("silent/db", {}, within(5s))) == text(direct->get("silent/db")));
}

TEST_CASE_METHOD(OverBadWay, "A server that cannot be reached is a network error, and forgotten once it can",
                 "[faults]") {
  const auto store = open(2);
  REQUIRE(store->put("away/db", SecretData::bytes("first")));
  way.shut(true);
  check_failed(store->get("away/db"), ErrorCode::Network, Effect::None);
  check_failed(store->put("away/db", SecretData::bytes("second")), ErrorCode::Network, Effect::None);
  way.shut(false);
  CHECK(text(store->get("away/db")) == "first");
}

TEST_CASE_METHOD(OverBadWay, "There are never more connections than the pool may have", "[faults]") {
  auto few = options(3);
  few.connection.connections = 10;
  const auto store = opened(few);
  REQUIRE(store->put("pool/db", SecretData::bytes("first")));
  const Name name = Name::parse("pool/db").value();
  const std::vector<GetRequest> batch(20, GetRequest{.name = name});
  way.make("latency", R"("latency":3)");
  std::atomic<int> working = 16;
  std::atomic<int> bad = 0;
  std::vector<std::jthread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 12; ++round) {
        if (i % 4 == 0) {
          for (const auto& secret : store->get_many(batch)) bad += secret ? 0 : 1;
        } else {
          bad += store->get(name) ? 0 : 1;
        }
      }
      --working;
    });
  }
  std::size_t most = 0;
  while (working > 0) most = std::max(most, connections_to(way.port()));
  threads.clear();
  CHECK(bad == 0);
  CHECK(most <= 10);
  CHECK(most > 1);
}
