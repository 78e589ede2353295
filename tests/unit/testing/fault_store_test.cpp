#include <locket/testing/fault_store.hpp>

#include <thread>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/testing/manual_clock.hpp>

using namespace locket;
using namespace std::chrono_literals;
using testing::Fault;
using testing::FaultStore;
using testing::ManualClock;

namespace {

Error network_down(Effect effect = Effect::None) {
  return Error({.code = ErrorCode::Network, .message = "connection refused", .effect = effect});
}

struct Faulty {
  explicit Faulty(ManualClock::Waits waits = ManualClock::Waits::Never)
      : clock(std::make_shared<ManualClock>(waits)),
        inner(memory::open({.settings = {.clock = clock}}).value()),
        store(std::make_shared<FaultStore>(inner)) {
    static_cast<void>(inner->put("a", SecretData::bytes("1")).value());
  }

  std::shared_ptr<ManualClock> clock;
  std::shared_ptr<SecretStore> inner;
  std::shared_ptr<FaultStore> store;
};

std::string text(const Result<Secret>& secret) {
  return secret ? std::string(secret->value().expose()) : std::string(to_string(secret.error().code()));
}

}  // namespace

TEST_CASE("without a script a fault store passes everything on, and counts") {
  const Faulty faulty;
  CHECK(text(faulty.store->get("a")) == "1");
  CHECK(faulty.store->put("b", SecretData::bytes("2")));
  CHECK(text(faulty.store->get("b")) == "2");
  CHECK(faulty.store->calls(OperationKind::Get) == 2);
  CHECK(faulty.store->calls(OperationKind::Put) == 1);
  CHECK(faulty.store->calls() == 3);
}

TEST_CASE("announced faults come in their order, as often as announced") {
  const Faulty faulty;
  faulty.store->next(OperationKind::Get, {.error = network_down()}, 2);
  faulty.store->next(OperationKind::Get, {.error = Error({.code = ErrorCode::Throttled})});
  faulty.store->next(OperationKind::Get, {.error = network_down()}, 0);
  CHECK(text(faulty.store->get("a")) == "Network");
  CHECK(faulty.store->stat("a"));
  CHECK(text(faulty.store->get("a")) == "Network");
  CHECK(text(faulty.store->get("a")) == "Throttled");
  CHECK(text(faulty.store->get("a")) == "1");
  CHECK(faulty.store->calls(OperationKind::Get) == 4);
}

TEST_CASE("a lasting fault comes after what is announced, until the store recovers") {
  const Faulty faulty;
  faulty.store->always({.error = Error({.code = ErrorCode::Unavailable})});
  faulty.store->next(OperationKind::Get, {});
  CHECK(text(faulty.store->get("a")) == "1");
  CHECK(text(faulty.store->get("a")) == "Unavailable");
  CHECK(faulty.store->health().error().code() == ErrorCode::Unavailable);
  faulty.store->recover();
  CHECK(text(faulty.store->get("a")) == "1");
  CHECK(faulty.store->calls(OperationKind::Get) == 3);
}

TEST_CASE("every operation can be made to fail") {
  const Faulty faulty;
  faulty.store->always({.error = network_down()});
  SecretStore& store = *faulty.store;
  CHECK_FALSE(store.get("a"));
  CHECK_FALSE(store.stat("a"));
  CHECK_FALSE(store.list(""));
  CHECK_FALSE(store.versions("a"));
  CHECK_FALSE(store.put("a", SecretData::bytes("2")));
  CHECK_FALSE(store.rollback("a", Version("1")));
  CHECK_FALSE(store.annotate("a", {}));
  CHECK_FALSE(store.remove("a"));
  CHECK_FALSE(store.undelete("a"));
  CHECK_FALSE(store.purge("a"));
  CHECK_FALSE(store.report_rejected("a", Version("1")));
  CHECK_FALSE(store.health());
  for (const OperationKind kind : all_operations) CHECK(faulty.store->calls(kind) == 1);
  CHECK(text(faulty.inner->get("a")) == "1");
}

TEST_CASE("a fault before the call keeps it from the inner store") {
  const Faulty faulty;
  faulty.store->next(OperationKind::Put, {.error = network_down()});
  const auto put = faulty.store->put("a", SecretData::bytes("2"));
  REQUIRE_FALSE(put);
  CHECK(put.error().effect() == Effect::None);
  CHECK(text(faulty.inner->get("a")) == "1");
}

TEST_CASE("a fault after the call loses the answer of what was done") {
  const Faulty faulty;
  faulty.store->next(OperationKind::Put, {.error = network_down(), .when = Fault::When::After});
  const auto lost = faulty.store->put("a", SecretData::bytes("2"));
  REQUIRE_FALSE(lost);
  CHECK(lost.error().effect() == Effect::Unknown);
  CHECK(text(faulty.inner->get("a")) == "2");

  faulty.store->next(OperationKind::Put, {.error = network_down(Effect::Applied), .when = Fault::When::After});
  CHECK(faulty.store->put("a", SecretData::bytes("3")).error().effect() == Effect::Applied);
  CHECK(text(faulty.inner->get("a")) == "3");
}

TEST_CASE("what the inner store refused has no effect, though its answer was lost") {
  const Faulty faulty;
  faulty.store->next(OperationKind::Remove, {.error = network_down(), .when = Fault::When::After});
  const auto lost = faulty.store->remove("missing");
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code() == ErrorCode::Network);
  CHECK(lost.error().effect() == Effect::None);

  faulty.store->next(OperationKind::Get, {.error = network_down(), .when = Fault::When::After});
  CHECK(faulty.store->get("a").error().effect() == Effect::None);
}

TEST_CASE("each item of a get_many is a get of the script") {
  const Faulty faulty;
  REQUIRE(faulty.inner->put("b", SecretData::bytes("2")));
  REQUIRE(faulty.inner->put("c", SecretData::bytes("3")));
  faulty.store->next(OperationKind::Get, {});
  faulty.store->next(OperationKind::Get, {.error = network_down()});
  faulty.store->next(OperationKind::Get, {.error = network_down(), .when = Fault::When::After});
  const std::vector<Name> names{Name::parse("a").value(), Name::parse("b").value(), Name::parse("c").value(),
                                Name::parse("missing").value()};
  const std::vector<GetRequest> requests{{names[0]}, {names[1]}, {names[2]}, {names[3]}};
  const auto results = faulty.store->get_many(requests);
  REQUIRE(results.size() == 4);
  CHECK(text(results[0]) == "1");
  CHECK(text(results[1]) == "Network");
  CHECK(text(results[2]) == "Network");
  CHECK(text(results[3]) == "NotFound");
  CHECK(faulty.store->calls(OperationKind::Get) == 4);
}

TEST_CASE("a delay passes on the settings' clock") {
  const Faulty faulty;
  const auto before = faulty.clock->steady();
  faulty.store->next(OperationKind::Get, {.delay = 3s});
  CHECK(text(faulty.store->get("a")) == "1");
  CHECK(faulty.clock->steady() == before + 3s);
  faulty.store->next(OperationKind::Get, {.error = network_down(), .delay = 2s, .when = Fault::When::After});
  CHECK(text(faulty.store->get("a")) == "Network");
  CHECK(faulty.clock->steady() == before + 5s);
}

TEST_CASE("a deadline ends a delay") {
  const Faulty faulty;
  const auto before = faulty.clock->steady();
  faulty.store->next(OperationKind::Put, {.delay = 10s});
  const auto early = faulty.store->put("a", SecretData::bytes("2"), {}, {.deadline = before + 1s});
  CHECK(early.error().code() == ErrorCode::Timeout);
  CHECK(early.error().effect() == Effect::None);
  CHECK(faulty.clock->steady() == before + 1s);
  CHECK(text(faulty.inner->get("a")) == "1");

  faulty.store->next(OperationKind::Put, {.delay = 10s, .when = Fault::When::After});
  const auto late = faulty.store->put("a", SecretData::bytes("2"), {}, {.deadline = before + 2s});
  CHECK(late.error().code() == ErrorCode::Timeout);
  CHECK(late.error().effect() == Effect::Unknown);
  CHECK(text(faulty.inner->get("a")) == "2");
}

TEST_CASE("a stop token ends a delay") {
  const Faulty faulty(ManualClock::Waits::UntilAdvanced);
  faulty.store->next(OperationKind::Get, {.delay = 10s});
  std::string seen;
  std::jthread caller([&](const std::stop_token& stop) { seen = text(faulty.store->get("a", {}, {.stop = stop})); });
  faulty.clock->await_waiting(1);
  caller.request_stop();
  caller.join();
  CHECK(seen == "Cancelled");
}

TEST_CASE("a script may be written while the store is used") {
  const Faulty faulty;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        for (int round = 0; round < 50; ++round) {
          faulty.store->next(OperationKind::Get, {.error = network_down()});
          static_cast<void>(faulty.store->get("a"));
        }
      });
    }
  }
  CHECK(faulty.store->calls(OperationKind::Get) == 200);
  CHECK(text(faulty.store->get("a")) == "1");
}
