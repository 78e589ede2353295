#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/live_config.hpp>
#include <locket/testing/manual_clock.hpp>

#include "unit/core/child.hpp"
#include "unit/resolver/config_fixture.hpp"

using namespace locket;
using namespace locket_test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view document = R"({"port": 1, "password": "$<secret:password>", "old": 2})";

/// A live configuration whose clock stands still.
struct Live {
  Live() {
    app.write("app.json", document);
    config = *LiveConfig::load(app.path("app.json"), app.resolver, {.interval = 10s, .clock = clock});
  }
  LiveConfig* operator->() { return &*config; }

  void store_is_down() const {
    app.store->always({.error = Error({.code = ErrorCode::Network, .message = "no route"})});
  }
  std::string password() const { return std::string((*config->current().secret("password"))->expose()); }

  Application app{{"password", "first"}};
  std::shared_ptr<testing::ManualClock> clock = std::make_shared<testing::ManualClock>();
  std::optional<LiveConfig> config;
};

/// What a watcher heard.
struct Heard {
  ConfigWatcher watcher(Executor executor = {}) {
    return {.on_change = [this](const Config&, const ConfigChanges& what) { changes.push_back(what); },
            .on_error = [this](const Error& error) { errors.push_back(error.code()); },
            .executor = std::move(executor)};
  }
  std::vector<ConfigChanges> changes;
  std::vector<ErrorCode> errors;
};

}  // namespace

TEST_CASE("a reading tells what changed by path, and not what it is") {
  Live live;
  live.app.put("password", "second");
  live.app.write("app.json", R"({"port": 1, "password": "$<secret:password>", "new": [1, null]})");
  const Config before = live->current();
  const auto changes = live->reload();
  REQUIRE(changes);
  CHECK(changes->added == Texts{"new[0]"});
  CHECK(changes->removed == Texts{"old"});
  CHECK(changes->changed == Texts{"password"});
  CHECK(live.password() == "second");
  CHECK((*before.secret("password"))->expose() == "first");
  CHECK(live->reload()->empty());
}

TEST_CASE("what counts as a change") {
  const Application app{{"a", "1"}, {"b", "1"}};
  const auto changed = [&](std::string_view before, std::string_view after) {
    return !ConfigChanges::between(*app.json(before), *app.json(after)).empty();
  };
  CHECK_FALSE(changed(R"({"a": 1, "b": 2})", "{\"b\": 2,\n\"a\": 1}"));
  CHECK_FALSE(changed(R"({"a": "$<secret:a>"})", R"({"a": "$<secret:b>"})"));
  CHECK_FALSE(changed(R"({"a": null})", "{}"));
  CHECK(changed(R"({"a": 1})", R"({"a": "1"})"));
  CHECK(changed(R"({"a": "1"})", R"({"a": "$<secret:a>"})"));
  CHECK(changed(R"({"a": "$<secret:a>"})", R"({"a": "$<secret:a?type=int>"})"));
  CHECK(changed(R"({"a": [1]})", R"({"a": 1})"));
  const auto section = app.json(R"({"s": {"a": 1}, "t": {"a": 2}})");
  CHECK(ConfigChanges::between(*section->section("s"), *section->section("t")).changed == Texts{"a"});
}

TEST_CASE("the last good snapshot stays when anything fails") {
  Live live;
  const auto keeps = [&](ErrorCode code) {
    const auto changes = live->reload();
    REQUIRE_FALSE(changes);
    CHECK(changes.error().code() == code);
    CHECK(live.password() == "first");
    CHECK(*live->current().get<int>("port") == 1);
  };
  live.app.write("app.json", R"({"port": 2, "password": )");
  keeps(ErrorCode::InvalidArgument);
  live.app.write("app.json", R"({"port": 2, "password": "$<secret:pasword>"})");
  keeps(ErrorCode::NotFound);
  std::filesystem::remove(live.app.path("app.json"));
  keeps(ErrorCode::NotFound);
  live.app.write("app.json", document);
  live.store_is_down();
  keeps(ErrorCode::Network);
  live.app.store->recover();
  CHECK(live->reload()->empty());
}

TEST_CASE("a layer that appears is read") {
  const Application app;
  app.write("app.json", R"({"a": 1})");
  const auto live = LiveConfig::load(app.path("app.json"), app.resolver, {.config = {.environment = "prod"}});
  REQUIRE(live);
  app.write("app.prod.json", R"({"a": 2})");
  CHECK(live->reload()->changed == Texts{"a"});
  CHECK(*live->current().get<int>("a") == 2);
}

TEST_CASE("polling reads when its time has come, and not before") {
  Live live;
  const std::size_t calls = live.app.store->calls();
  live.app.put("password", "second");
  live.clock->advance(9s);
  CHECK(live->poll()->empty());
  CHECK(live.app.store->calls(OperationKind::Get) == 1);
  CHECK(live->due() == live.clock->steady() + 1s);
  live.clock->advance(1s);
  CHECK(live->poll()->changed == Texts{"password"});
  CHECK(live->poll()->empty());
  CHECK(live.app.store->calls(OperationKind::Get) == 2);
  CHECK(live->due() == live.clock->steady() + 10s);
  CHECK(calls == 2);
}

TEST_CASE("watchers hear of changes, and of polls that failed") {
  Live live;
  Heard heard;
  const auto watching = live->watch(heard.watcher());
  CHECK(live->reload()->empty());
  CHECK(heard.changes.empty());
  live.app.put("password", "second");
  CHECK(live->reload());
  REQUIRE(heard.changes.size() == 1);
  CHECK(heard.changes[0].changed == Texts{"password"});

  live.store_is_down();
  CHECK_FALSE(live->reload());
  CHECK(heard.errors.empty());
  live.clock->advance(10s);
  CHECK_FALSE(live->poll());
  CHECK(heard.errors == std::vector{ErrorCode::Network});
  CHECK(live->poll());  // failing does not make it hurry
  CHECK(heard.errors.size() == 1);
}

TEST_CASE("a watcher sees the snapshot that it is told of") {
  Live live;
  std::string seen;
  const auto watching = live->watch({.on_change = [&](const Config& now, const ConfigChanges&) {
    seen = (*now.secret("password"))->expose();
    CHECK(live.password() == seen);
  }});
  live.app.put("password", "second");
  CHECK(live->reload());
  CHECK(seen == "second");
}

TEST_CASE("after its end a subscription is silent") {
  Live live;
  Heard heard;
  auto watching = live->watch(heard.watcher());
  Heard other;
  auto moved = live->watch(other.watcher());
  watching = std::move(moved);
  live.app.put("password", "second");
  CHECK(live->reload());
  CHECK(heard.changes.empty());
  CHECK(other.changes.size() == 1);
  watching.end();
  watching.end();
  live.app.put("password", "third");
  CHECK(live->reload());
  CHECK(other.changes.size() == 1);
}

TEST_CASE("an executor calls when it likes, in order, and never after the end") {
  Live live;
  std::vector<std::function<void()>> tasks;
  Heard heard;
  auto watching = live->watch(heard.watcher([&](std::function<void()> task) { tasks.push_back(std::move(task)); }));
  for (const char* value : {"second", "third"}) {
    live.app.put("password", value);
    CHECK(live->reload());
  }
  CHECK(heard.changes.empty());
  REQUIRE(tasks.size() == 1);
  tasks[0]();
  CHECK(heard.changes.size() == 2);
  live.app.put("password", "fourth");
  CHECK(live->reload());
  REQUIRE(tasks.size() == 2);
  watching.end();
  tasks[1]();
  CHECK(heard.changes.size() == 2);
}

TEST_CASE("a watcher may read again, watch, and end itself") {
  Live live;
  Subscription watching;
  Subscription another;
  int calls = 0;
  watching = live->watch({.on_change = [&](const Config&, const ConfigChanges&) {
    if (++calls == 2) return watching.end();
    live.app.put("password", "third");
    CHECK(live->reload());  // its change is told when this call has returned
    CHECK(calls == 1);
    another = live->watch({});
  }});
  live.app.put("password", "second");
  CHECK(live->reload());
  CHECK(calls == 2);
  live.app.put("password", "fourth");
  CHECK(live->reload());
  CHECK(calls == 2);
}

TEST_CASE("ending waits for the call that runs") {
  Live live;
  std::atomic<bool> inside = false;
  std::atomic<bool> left = false;
  auto watching = live->watch({.on_change = [&](const Config&, const ConfigChanges&) {
    inside = true;
    inside.notify_one();
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    left = true;
  }});
  live.app.put("password", "second");
  std::jthread reading([&] { (void)live->reload(); });
  inside.wait(false);
  watching.end();
  CHECK(left);
}

TEST_CASE("a thread of the program polls until it is stopped") {
  Live live;
  std::atomic<int> told = 0;
  std::jthread polling([&](const std::stop_token& stop) { live->run(stop); });
  const auto watching =
      live->watch({.on_change = [&](const Config&, const ConfigChanges&) { told = told + 1, told.notify_one(); },
                   .on_error = [&](const Error&) { told = told + 100, told.notify_one(); }});
  for (int i = 1; i <= 3; ++i) {
    live.clock->await_waiting(1);
    live.app.put("password", std::to_string(i));
    live.clock->advance(10s);
    told.wait(i - 1);
  }
  CHECK(told == 3);
  live.clock->await_waiting(1);
  live.store_is_down();
  live.clock->advance(10s);
  told.wait(3);
  CHECK(told == 103);
  polling.request_stop();
  polling.join();
  CHECK(live.password() == "3");
}

TEST_CASE("threads read and use the configuration at once") {
  Live live;
  std::atomic<int> told = 0;
  const auto watching = live->watch({.on_change = [&](const Config&, const ConfigChanges&) { ++told; }});
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < 2; ++writer) {
      threads.emplace_back([&live, writer] {
        for (int i = 0; i < 50; ++i) {
          (void)live.app.store->put("password", SecretData::bytes(std::to_string(writer * 1000 + i)));
          (void)live->reload();
        }
      });
    }
    for (int reader = 0; reader < 2; ++reader) {
      threads.emplace_back([&live] {
        for (int i = 0; i < 500; ++i) {
          const Config config = live->current();
          if (!config.secret("password") || *config.get<int>("port") != 1) std::abort();
          const auto brief = live->watch({.on_change = [](const Config&, const ConfigChanges&) {}});
        }
      });
    }
  }
  CHECK(told >= 1);
}

TEST_CASE("a forked child keeps its snapshots, and loads anew") {
  Live live;
  const Config config = live->current();
  CHECK(in_child([&] {
          const bool reads = (*config.secret("password"))->expose() == "first";
          const auto changes = live->reload();
          return reads && !changes && changes.error().reason() == "config.forked" ? 0 : 1;
        }) == 0);
}

TEST_CASE("bad options are refused") {
  const Application app;
  app.write("app.json", "{}");
  for (const std::chrono::nanoseconds interval : {0ns, std::chrono::nanoseconds(-1), 999us + 0ns, 10000h + 0ns}) {
    check_error(LiveConfig::load(app.path("app.json"), app.resolver, {.interval = interval}),
                ErrorCode::InvalidArgument, "config.options");
  }
  check_error(LiveConfig::load(app.path("none.json"), app.resolver), ErrorCode::NotFound, "resolver.file");
}
