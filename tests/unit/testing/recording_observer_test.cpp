#include <locket/testing/recording_observer.hpp>

#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>

using namespace locket;
using locket::testing::RecordingObserver;

TEST_CASE("a recording observer keeps what the event borrowed") {
  RecordingObserver observer;
  {
    const std::string store = "vault at https://vault.example:8200";
    const std::string name = "db/password-of-the-main-database";
    const Error error({.code = ErrorCode::Network, .message = "connection refused"});
    observer.on_event({.kind = Event::Kind::Retry, .store = store, .name = name, .error = &error});
  }
  observer.on_event({.kind = Event::Kind::Login, .store = "vault"});

  const auto events = observer.events();
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == Event::Kind::Retry);
  CHECK(events[0].store == "vault at https://vault.example:8200");
  CHECK(events[0].name == "db/password-of-the-main-database");
  REQUIRE(events[0].error);
  CHECK(events[0].error->code() == ErrorCode::Network);
  CHECK_FALSE(events[1].error);
  CHECK(observer.count(Event::Kind::Retry) == 1);
  CHECK(observer.count(Event::Kind::Changed) == 0);
  observer.clear();
  CHECK(observer.events().empty());
}

TEST_CASE("a recording observer hears a store") {
  const auto observer = std::make_shared<RecordingObserver>();
  const auto store = memory::open({.settings = {.observer = observer, .enforce_expiry = false}}).value();
  REQUIRE(store->put("a", SecretData::bytes("1"), {.metadata = MetadataPatch{.expires = Clock::Wall()}}));
  CHECK(store->get("a"));
  REQUIRE(observer->count(Event::Kind::ExpiredServed) == 1);
  CHECK(observer->events()[0].name == "a");
}
