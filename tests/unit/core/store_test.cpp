#include <locket/store.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace locket;
using namespace std::chrono_literals;

namespace {

// A clock that stands still until it is told.
class StandingClock final : public Clock {
 public:
  Wall now() const noexcept override { return Wall(wall); }
  Steady steady() const noexcept override { return Steady(ticks); }
  bool wait_until(Steady, std::stop_token) override { return true; }

  std::chrono::seconds wall = 1000s;
  std::chrono::seconds ticks = 0s;
};

class Listener final : public Observer {
 public:
  void on_event(const Event& event) noexcept override {
    ++heard;
    last = event.kind;
  }
  int heard = 0;
  Event::Kind last = Event::Kind::Changed;
};

// Counts what reaches the twins, and answers what the test wants.
class CountingStore final : public SecretStore {
 public:
  explicit CountingStore(StoreSettings settings = {}) : SecretStore(std::move(settings)) {}

  Capabilities can{.list = true};
  std::optional<Clock::Wall> expires;
  std::optional<Error> error;
  std::string next_page;
  std::atomic<int> calls = 0;
  std::string page_seen;
  std::size_t batch = 0;

 protected:
  Result<Secret> do_get(NameView, const GetOptions&, const Call&) override {
    ++calls;
    if (error) return *error;
    return Secret(SecretData::bytes("v"), {}, {.expires = expires});
  }
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    batch = requests.size();
    return SecretStore::do_get_many(requests, call);
  }
  Result<Page<SecretInfo>> do_list(const Prefix&, const ListOptions& options, const Call&) override {
    ++calls;
    page_seen = options.page;
    return Page<SecretInfo>{.next = next_page};
  }
  Result<Version> do_put(NameView, const SecretData&, const PutOptions&, const Call&) override {
    return ++calls, Version("1");
  }
  Result<Health> do_health(const Call&) override { return Health{.ready = true, .state = "ok"}; }
  const Capabilities& do_capabilities() const noexcept override { return can; }
  std::string do_describe() const override { return "counting"; }
};

template <class T>
void refused_before_io(const CountingStore& store, const Result<T>& result, ErrorCode code) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == code);
  CHECK(result.error().effect() == Effect::None);
  CHECK(store.calls == 0);
}

}  // namespace

TEST_CASE("a hostile name never reaches a backend") {
  CountingStore store;
  for (const char* name : {"..", "a/../b", "a//b", "%2e%2e", "a\r\nX: y", ""}) {
    refused_before_io(store, store.get(name), ErrorCode::InvalidArgument);
    refused_before_io(store, store.put(name, SecretData()), ErrorCode::InvalidArgument);
    refused_before_io(store, store.remove(name), ErrorCode::InvalidArgument);
  }
}

TEST_CASE("what a store cannot do is refused before it is asked") {
  CountingStore store;
  store.can = {};
  refused_before_io(store, store.put("a", SecretData()), ErrorCode::NotSupported);
  refused_before_io(store, store.list(""), ErrorCode::NotSupported);
  refused_before_io(store, store.versions("a"), ErrorCode::NotSupported);
  refused_before_io(store, store.get("a", {.which = Version("1")}), ErrorCode::NotSupported);
  refused_before_io(store, store.get("a", {.which = Stage{"AWSCURRENT"}}), ErrorCode::NotSupported);
  refused_before_io(store, store.rollback("a", Version("1")), ErrorCode::NotSupported);
  refused_before_io(store, store.annotate("a", {}), ErrorCode::NotSupported);
  refused_before_io(store, store.remove("a"), ErrorCode::NotSupported);
  refused_before_io(store, store.undelete("a"), ErrorCode::NotSupported);
  refused_before_io(store, store.purge("a"), ErrorCode::NotSupported);
  store.can.put = true;
  refused_before_io(store, store.put("a", SecretData(), {.condition = MustNotExist{}}), ErrorCode::NotSupported);
  refused_before_io(store, store.put("a", SecretData(), {.metadata = MetadataPatch{}}), ErrorCode::NotSupported);
  store.can.cas = Cas::Linearizable;
  refused_before_io(store, store.put("a", SecretData(), {.condition = Version("1")}), ErrorCode::NotSupported);
  refused_before_io(store, store.put("a", SecretData(), {.idempotency_key = "k"}), ErrorCode::NotSupported);
}

TEST_CASE("limits are found before any I/O") {
  CountingStore store;
  store.can = {.put = true, .annotate = true, .max_value = 4, .max_name = 3, .max_tags = 1};
  CHECK(store.put("abc", SecretData::bytes("1234")));
  store.calls = 0;
  refused_before_io(store, store.put("a", SecretData::bytes("12345")), ErrorCode::LimitExceeded);
  refused_before_io(store, store.put("abcd", SecretData()), ErrorCode::LimitExceeded);
  refused_before_io(store, store.get("abcd"), ErrorCode::LimitExceeded);
  refused_before_io(store, store.annotate("a", {.tags = {{"x", "1"}, {"y", "2"}}}), ErrorCode::LimitExceeded);
  refused_before_io(store, store.annotate("a", {.tags = {{std::string(129, 'k'), "1"}}}), ErrorCode::LimitExceeded);
  refused_before_io(store, store.annotate("a", {.description = "two\nlines"}), ErrorCode::InvalidArgument);
  refused_before_io(store, store.annotate("a", {.rotation_period = 0s}), ErrorCode::InvalidArgument);
}

TEST_CASE("text that would end up in a request is checked") {
  CountingStore store;
  store.can = {.cas = Cas::Linearizable, .put = true, .idempotent_put = true, .versions = true, .stages = true};
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a\n"), std::string(257, 'x'), std::string("\xc3\xa9")}) {
    refused_before_io(store, store.get("a", {.which = Version(bad)}), ErrorCode::InvalidArgument);
    refused_before_io(store, store.get("a", {.which = Stage{bad}}), ErrorCode::InvalidArgument);
    refused_before_io(store, store.put("a", SecretData(), {.condition = Version(bad)}), ErrorCode::InvalidArgument);
  }
  refused_before_io(store, store.put("a", SecretData(), {.idempotency_key = "a b"}), ErrorCode::InvalidArgument);
  refused_before_io(store, store.put("a", SecretData(), {.idempotency_key = std::string(65, 'k')}),
                    ErrorCode::InvalidArgument);
}

TEST_CASE("a call past its deadline, or cancelled, does nothing") {
  const auto clock = std::make_shared<StandingClock>();
  CountingStore store({.clock = clock});
  const Call call{.deadline = Deadline(5s)};
  CHECK(store.get("a", {}, call));
  store.calls = 0;
  clock->ticks = 5s;
  refused_before_io(store, store.get("a", {}, call), ErrorCode::Timeout);
  std::stop_source source;
  source.request_stop();
  refused_before_io(store, store.get("a", {}, {.stop = source.get_token()}), ErrorCode::Cancelled);
}

TEST_CASE("an expired value is not released, from its very moment on") {
  const auto clock = std::make_shared<StandingClock>();
  const auto listener = std::make_shared<Listener>();
  CountingStore store({.clock = clock, .observer = listener});
  store.expires = Clock::Wall(1001s);
  const Name name = *Name::parse("a");
  CHECK(store.get(name));
  clock->wall = 1001s;
  CHECK(store.get(name).error().code() == ErrorCode::Expired);
  const GetRequest request{.name = name};
  CHECK(store.get_many(std::span(&request, 1))[0].error().code() == ErrorCode::Expired);
  CHECK(store.stat(name)->metadata->expires == store.expires);
  CHECK(listener->heard == 0);

  CountingStore lenient({.clock = clock, .observer = listener, .enforce_expiry = false});
  lenient.expires = store.expires;
  CHECK(lenient.get(name));
  CHECK(listener->heard == 1);
  CHECK(listener->last == Event::Kind::ExpiredServed);
}

TEST_CASE("get_many answers each request in its place and fetches nothing twice") {
  CountingStore store;
  const Name a = *Name::parse("a"), b = *Name::parse("b");
  const std::vector<GetRequest> requests{{a}, {b}, {a}, {a, {.which = Version("1")}}, {b}};
  const auto results = store.get_many(requests);
  REQUIRE(results.size() == 5);
  CHECK(store.batch == 2);
  CHECK(store.calls == 2);
  CHECK(results[0]);
  CHECK(results[2]->value().expose().data() == results[0]->value().expose().data());
  CHECK(results[3].error().code() == ErrorCode::NotSupported);
  CHECK(results[3].error().operation() == "get");
  CHECK(store.get_many({}).empty());
}

TEST_CASE("errors name the store, the operation and the secret") {
  CountingStore store;
  store.error = Error({.code = ErrorCode::Network, .message = "no route"});
  const Error error = store.get("db/password").error();
  CHECK(error.backend() == "counting");
  CHECK(error.operation() == "get");
  CHECK(error.name() == "db/password");
  CHECK(error.message() == "no route");
  CHECK(store.get("..").error().backend() == "counting");
}

TEST_CASE("a page token belongs to its listing") {
  CountingStore store;
  store.can.soft_delete = true;
  store.next_page = "cursor";
  const auto first = store.list("db");
  REQUIRE(first);
  CHECK(store.list("db", {.page = first->next}));
  CHECK(store.page_seen == "cursor");
  CHECK(store.list("db/", {.limit = 3, .page = first->next}));
  store.calls = 0;
  refused_before_io(store, store.list("", {.page = first->next}), ErrorCode::InvalidArgument);
  refused_before_io(store, store.list("db", {.deleted = true, .page = first->next}), ErrorCode::InvalidArgument);
  refused_before_io(store, store.list("db", {.page = "cursor"}), ErrorCode::InvalidArgument);
  refused_before_io(store, store.list("db", {.page = first->next.substr(0, 17)}), ErrorCode::InvalidArgument);
  refused_before_io(store, store.list("db", {.limit = 1001}), ErrorCode::InvalidArgument);
}

TEST_CASE("stat of a removed secret says so") {
  CountingStore store;
  store.error = Error({.code = ErrorCode::Deleted});
  CHECK(store.stat("a")->deleted);
  store.error = Error({.code = ErrorCode::PermissionDenied});
  CHECK(store.stat("a").error().code() == ErrorCode::PermissionDenied);
}

TEST_CASE("in a forked child every operation answers Unavailable, and a new store works") {
  CountingStore store;
  store.can = {.put = true, .list = true};
  const auto secret = store.get("a");
  const pid_t child = ::fork();
  if (child == 0) {
    const GetRequest request{.name = *NameView::parse("a")};
    const bool unavailable = store.get("a").error().code() == ErrorCode::Unavailable &&
                             store.list("").error().code() == ErrorCode::Unavailable &&
                             store.put("a", SecretData()).error().code() == ErrorCode::Unavailable &&
                             store.health().error().code() == ErrorCode::Unavailable &&
                             store.get_many(std::span(&request, 1))[0].error().code() == ErrorCode::Unavailable;
    const bool readable = secret->value().expose() == "v";
    CountingStore reopened;
    ::_exit(unavailable && readable && reopened.get("a").ok() ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
