#include <atomic>
#include <future>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "auth_fixture.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::seconds;

constexpr const char* login_path = "auth/approle/login";
constexpr const char* renew_path = "auth/token/renew-self";
constexpr const char* lookup_path = "auth/token/lookup-self";

TEST_CASE_METHOD(AuthFixture, "A token is fetched when it is first needed, and kept") {
  const auto client = this->client(by_app_role());
  CHECK(vault->count("") == 0);
  CHECK(read(*client).ok());
  CHECK(read(*client).ok());
  CHECK(vault->count(login_path) == 1);
  CHECK(vault->count("secret/") == 2);
  CHECK(vault->last("secret/").headers.at("X-Vault-Token") == "s.1");
  CHECK(vault->last("secret/").headers.at("X-Vault-Request") == "true");
  CHECK_FALSE(vault->last(login_path).headers.contains("X-Vault-Token"));
  REQUIRE(observer->count(Event::Kind::Login) == 1);
  CHECK(observer->events()[0].store == "vault (test)");
  CHECK_FALSE(observer->events()[0].error.has_value());
}

TEST_CASE_METHOD(AuthFixture, "A token is renewed by the call that comes after two thirds of its life") {
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  clock->advance(seconds(2300));
  CHECK(read(*client).ok());
  CHECK(vault->count(renew_path) == 0);
  clock->advance(seconds(400));
  CHECK(read(*client).ok());
  CHECK(read(*client).ok());
  CHECK(vault->count(renew_path) == 1);
  CHECK(vault->count(login_path) == 1);
  CHECK(vault->last(renew_path).headers.at("X-Vault-Token") == "s.1");
}

TEST_CASE_METHOD(AuthFixture, "A token at its max TTL is replaced before it ends") {
  vault->max_ttl = seconds(4000);
  const auto client = this->client(by_app_role());
  for (int second = 0; second < 12000; second += 50) {
    REQUIRE(read(*client).ok());
    clock->advance(seconds(50));
  }
  CHECK(vault->count(login_path) >= 3);
  CHECK(vault->count(login_path) <= 4);
  CHECK(vault->count(lookup_path) == 0);
}

TEST_CASE_METHOD(AuthFixture, "A token that cannot be renewed is logged in for again") {
  vault->renewable = false;
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  clock->advance(seconds(2700));
  CHECK(read(*client).ok());
  CHECK(vault->count(renew_path) == 0);
  CHECK(vault->count(login_path) == 2);
}

TEST_CASE_METHOD(AuthFixture, "24: a renewal that Vault refuses becomes a login") {
  vault->instead[renew_path] = [] { return FakeVault::answer(400, R"({"errors":["lease is not renewable"]})"); };
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  clock->advance(seconds(2700));
  CHECK(read(*client).ok());
  CHECK(vault->count(login_path) == 2);
  CHECK(vault->last("secret/").headers.at("X-Vault-Token") == "s.2");
}

TEST_CASE_METHOD(AuthFixture,
                 "24: while Vault cannot be reached for a renewal, reads go on with the token that lives") {
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->instead["auth/"] = [] { return FakeVault::unreachable(); };
  clock->advance(seconds(2700));
  for (int i = 0; i < 10; ++i) CHECK(read(*client).ok());
  CHECK(vault->count(renew_path) == 1);
  CHECK(observer->events().back().error.has_value());
  clock->advance(seconds(31));
  CHECK(read(*client).ok());
  CHECK(vault->count(renew_path) == 2);

  SECTION("and when it is back, the token is renewed") {
    vault->instead.clear();
    clock->advance(seconds(60));
    CHECK(read(*client).ok());
    CHECK(vault->count(renew_path) == 3);
    CHECK(vault->count(login_path) == 1);
  }
  SECTION("and when the token has ended, the error is the network's, not a failed login") {
    clock->advance(seconds(1000));
    const auto failed = read(*client);
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().code() == ErrorCode::Network);
    vault->instead.clear();
    CHECK(read(*client).ok());  // at once: the transport knows how often to try
  }
}

TEST_CASE_METHOD(AuthFixture, "24: a login that Vault refuses is Unauthenticated, and not repeated at once") {
  vault->instead["auth/"] = [] { return FakeVault::answer(400, R"({"errors":["invalid role or secret ID"]})"); };
  const auto client = this->client(by_app_role());
  for (int i = 0; i < 20; ++i) {
    const auto failed = read(*client);
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().code() == ErrorCode::Unauthenticated);
    CHECK(failed.error().reason() == "vault.login_refused");
  }
  CHECK(vault->count(login_path) == 1);
  CHECK(vault->count("secret/") == 0);
  CHECK(read(*client).error().retry_after().has_value());

  // Once a second at most, then ever more rarely: 600 seconds of calls are some thirty logins.
  for (int i = 0; i < 6000; ++i) {
    clock->advance(std::chrono::milliseconds(100));
    CHECK_FALSE(read(*client).ok());
  }
  CHECK(vault->count(login_path) >= 20);
  CHECK(vault->count(login_path) <= 45);

  vault->instead.clear();
  clock->advance(seconds(30));
  CHECK(read(*client).ok());
}

TEST_CASE_METHOD(AuthFixture, "24: a refused login takes nothing from a token that lives") {
  vault->renewable = false;
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  vault->instead["auth/approle"] = [] { return FakeVault::denied(); };
  clock->advance(seconds(2700));
  for (int i = 0; i < 10; ++i) CHECK(read(*client).ok());
  CHECK(vault->count(login_path) == 2);
  clock->advance(seconds(900));
  CHECK(read(*client).error().code() == ErrorCode::Unauthenticated);
}

TEST_CASE_METHOD(AuthFixture,
                 "26: whatever Vault says about a lifetime, the token is used and nothing is asked in a loop") {
  for (const char* text : {"-1", "0", "9223372036854775807", "9223372036854775808", "99999999999999999999999"}) {
    INFO(text);
    vault->lease_text = text;
    vault->lease = 0;
    const auto client = this->client(by_app_role());
    const std::size_t logins = vault->count(login_path);
    for (int i = 0; i < 10; ++i) {
      CHECK(read(*client).ok());
      clock->advance(std::chrono::hours(1));
    }
    CHECK(vault->count(login_path) == logins + 1);
    CHECK(vault->count(renew_path) == 0);
  }
}

TEST_CASE_METHOD(AuthFixture, "A fetched token of a few uses is spent on requests alone") {
  vault->uses = 3;
  const auto client = this->client(by_app_role());
  for (int i = 0; i < 9; ++i) CHECK(read(*client).ok());
  clock->advance(seconds(2700));
  CHECK(read(*client).ok());
  CHECK(vault->count(lookup_path) == 0);
  CHECK(vault->count(renew_path) == 0);
  CHECK(vault->count(login_path) == 4);
}

TEST_CASE_METHOD(AuthFixture, "What keeps tokens alive does so while nobody calls, and sends nothing else") {
  const auto keep_alive = std::make_shared<KeepAlive>();
  CHECK(keep_alive->tend().ok());
  Options with = by_app_role();
  with.keep_alive = keep_alive;
  auto client = this->client(with);
  CHECK(keep_alive->tend().ok());
  CHECK(vault->count(login_path) == 1);
  for (int minute = 0; minute < 600; ++minute) {
    clock->advance(seconds(60));
    CHECK(keep_alive->tend().ok());
  }
  CHECK(vault->count(login_path) == 1);
  CHECK(vault->count("") == 1 + vault->count(renew_path));
  CHECK(vault->count(renew_path) >= 12);
  CHECK(vault->count(renew_path) <= 16);

  SECTION("a failure is told when no token is left") {
    vault->instead["auth/"] = [] { return FakeVault::unreachable(); };
    clock->advance(seconds(800));
    CHECK(keep_alive->tend().ok());
    clock->advance(seconds(3600));
    CHECK(keep_alive->tend().error().code() == ErrorCode::Network);
  }
  SECTION("nothing is done for a store that was closed") {
    client.reset();
    const std::size_t sent = vault->count("");
    clock->advance(seconds(5000));
    CHECK(keep_alive->tend().ok());
    CHECK(vault->count("") == sent);
  }
  SECTION("nor in a forked child") {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(keep_alive->tend().error().reason() == "store.forked" ? 0 : 1);
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
}

TEST_CASE_METHOD(AuthFixture, "Keeping alive takes none of the requests that a token is good for") {
  vault->uses = 2;
  Options with = by_app_role();
  with.keep_alive = std::make_shared<KeepAlive>();
  const auto client = this->client(with);
  for (int i = 0; i < 4; ++i) {
    CHECK(with.keep_alive->tend().ok());
    CHECK(with.keep_alive->tend().ok());
    CHECK(read(*client).ok());
  }
  CHECK(vault->count(login_path) == 2);
  CHECK(vault->count(lookup_path) == 0);
}

TEST_CASE_METHOD(AuthFixture, "A batch fetches one token") {
  const auto client = this->client(by_app_role());
  const std::vector<Ask> asks(10, Ask{.path = "secret/data/db"});
  const auto answers = client->send_many(asks, {});
  REQUIRE(answers.size() == 10);
  for (const auto& answer : answers) CHECK(answer.ok());
  CHECK(vault->count(login_path) == 1);
  CHECK(client->send_many({}, {}).empty());
}

TEST_CASE_METHOD(AuthFixture, "Nothing logs in for what needs no token") {
  const auto client = this->client(by_app_role());
  vault->instead["sys/health"] = [] { return FakeVault::answer(503, R"({"sealed":true})"); };
  const auto health = client->send({.path = "sys/health", .anonymous = true, .every_status = true}, {});
  REQUIRE(health.ok());
  CHECK(health->status == 503);
  CHECK(health->root()["sealed"].boolean() == true);
  CHECK(vault->count(login_path) == 0);
}

TEST_CASE_METHOD(AuthFixture, "While one thread renews, the others go on") {
  const auto client = this->client(by_app_role());
  CHECK(read(*client).ok());
  clock->advance(seconds(2700));
  std::binary_semaphore renewing(0);
  std::binary_semaphore go_on(0);
  vault->before = [&](const std::string& path) {
    if (path != renew_path) return;
    renewing.release();
    go_on.acquire();
  };
  auto first = std::async(std::launch::async, [&] { return read(*client); });
  renewing.acquire();
  for (int i = 0; i < 100; ++i) CHECK(read(*client).ok());
  go_on.release();
  CHECK(first.get().ok());
  CHECK(vault->count(renew_path) == 1);
}

/// Stands in the first login until it is let go.
class BlockedLogin : public AuthFixture {
 public:
  BlockedLogin() {
    vault->before = [this](const std::string& path) {
      if (path != login_path || blocked_.exchange(true)) return;
      entered.release();
      go_on.acquire();
    };
  }
  std::binary_semaphore entered{0};
  std::binary_semaphore go_on{0};

 private:
  std::atomic<bool> blocked_ = false;
};

TEST_CASE_METHOD(BlockedLogin, "Without a token all wait for one login") {
  const auto client = this->client(by_app_role());
  std::vector<std::future<Result<Answer>>> readers;
  for (int i = 0; i < 8; ++i) readers.push_back(std::async(std::launch::async, [&] { return read(*client); }));
  entered.acquire();
  go_on.release();
  for (auto& reader : readers) CHECK(reader.get().ok());
  CHECK(vault->count(login_path) == 1);
}

TEST_CASE_METHOD(BlockedLogin,
                 "Who waits for another's login waits no longer than the deadline and the stop token say") {
  const auto client = this->client(by_app_role());
  auto first = std::async(std::launch::async, [&] { return read(*client); });
  entered.acquire();
  // Counted from before the clock is moved, however late the thread begins.
  const Call in_time{.deadline = clock->steady() + seconds(5)};
  auto late = std::async(std::launch::async, [&] { return read(*client, "secret/data/db", in_time); });
  std::stop_source stop;
  auto stopped =
      std::async(std::launch::async, [&] { return read(*client, "secret/data/db", {.stop = stop.get_token()}); });
  stop.request_stop();
  const auto cancelled = stopped.get();
  clock->advance(seconds(6));
  const auto timed_out = late.get();
  go_on.release();
  CHECK(first.get().ok());
  CHECK(cancelled.error().code() == ErrorCode::Cancelled);
  CHECK(timed_out.error().code() == ErrorCode::Timeout);
  CHECK(read(*client).ok());
}

TEST_CASE_METHOD(BlockedLogin, "A login that fails is the answer to all who waited for it") {
  const auto client = this->client(by_app_role());
  vault->instead["auth/"] = [] { return FakeVault::unreachable(); };
  std::vector<std::future<Result<Answer>>> readers;
  for (int i = 0; i < 8; ++i) readers.push_back(std::async(std::launch::async, [&] { return read(*client); }));
  entered.acquire();
  go_on.release();
  for (auto& reader : readers) CHECK(reader.get().error().code() == ErrorCode::Network);
}

TEST_CASE_METHOD(BlockedLogin, "Who gives up a login leaves it to those who wait") {
  const auto client = this->client(by_app_role());
  bool first_login = true;
  vault->instead["auth/"] = [&]() -> Result<http::Response> {
    if (std::exchange(first_login, false)) {
      return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
    }
    return FakeVault::answer(200, R"({"auth":{"client_token":"s.given","lease_duration":0}})");
  };
  vault->give("s.given");
  auto first = std::async(std::launch::async, [&] { return read(*client); });
  entered.acquire();
  auto second = std::async(std::launch::async, [&] { return read(*client); });
  go_on.release();
  CHECK(first.get().error().code() == ErrorCode::Cancelled);
  CHECK(second.get().ok());
  CHECK(vault->count(login_path) == 2);
  CHECK(observer->count(Event::Kind::Login) == 1);
}

/// Another clock's time, and how often it was asked for.
class CountingClock final : public Clock {
 public:
  explicit CountingClock(std::shared_ptr<Clock> other) : other_(std::move(other)) {}
  Wall now() const noexcept override { return other_->now(); }
  Steady steady() const noexcept override {
    ++asked;
    return other_->steady();
  }
  bool wait_until(Steady until, std::stop_token stop) override { return other_->wait_until(until, std::move(stop)); }
  mutable std::atomic<int> asked = 0;

 private:
  const std::shared_ptr<Clock> other_;
};

TEST_CASE_METHOD(BlockedLogin, "A forked child lets go of a client on which its parent's threads wait") {
  const auto counting = std::make_shared<CountingClock>(clock);
  Options with = by_app_role();
  with.settings.clock = counting;
  auto client = this->client(with);
  auto first = std::async(std::launch::async, [&] { return read(*client); });
  entered.acquire();
  const Call call{.deadline = clock->steady() + seconds(60)};
  auto second = std::async(std::launch::async, [&] { return read(*client, "secret/data/db", call); });
  // It looks at the clock before it waits, and after each of its short waits.
  for (const int before = counting->asked; counting->asked < before + 4;) std::this_thread::yield();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(10);
    client.reset();
    ::_exit(0);
  }
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  go_on.release();
  CHECK(first.get().ok());
  CHECK(second.get().ok());
}

TEST_CASE_METHOD(AuthFixture, "24: a renewal that fails as the token ends is a login for all who waited") {
  const auto counting = std::make_shared<CountingClock>(clock);
  Options with = by_app_role();
  with.settings.clock = counting;
  const auto client = this->client(with);
  CHECK(read(*client).ok());
  clock->advance(seconds(3599));
  std::binary_semaphore renewing(0);
  std::binary_semaphore go_on(0);
  std::counting_semaphore<2> helped(0);
  vault->before = [&](const std::string& path) {
    if (path == "secret/data/first") helped.acquire();
    if (path != renew_path) return;
    renewing.release();
    go_on.acquire();
  };
  vault->instead[renew_path] = [] { return FakeVault::answer(500, ""); };
  auto first = std::async(std::launch::async, [&] { return read(*client, "secret/data/first"); });
  renewing.acquire();
  clock->advance(seconds(2));
  const Call call{.deadline = clock->steady() + seconds(60)};
  auto second = std::async(std::launch::async, [&] { return read(*client, "secret/data/db", call); });
  for (const int before = counting->asked; counting->asked < before + 4;) std::this_thread::yield();
  go_on.release();
  CHECK(second.get().ok());
  helped.release(2);
  CHECK(first.get().ok());
  CHECK(vault->count(login_path) == 2);
}

/// Fails first, then runs out of memory while others wait, then works.
class ExhaustedSource final : public TokenSource {
 public:
  Result<Token> fetch(const Call&) override {
    switch (++fetched_) {
      case 1: return FakeVault::unreachable();
      case 2: {
        entered.release();
        go_on.acquire();
        throw std::bad_alloc();
      }
      default: return Token{.text = SecretValue("s.mine")};
    }
  }
  std::binary_semaphore entered{0};
  std::binary_semaphore go_on{0};

 private:
  int fetched_ = 0;
};

TEST_CASE_METHOD(AuthFixture, "Who waits for a login that ends without memory is not told of the failure before it") {
  vault->give("s.mine");
  const auto counting = std::make_shared<CountingClock>(clock);
  const auto source = std::make_shared<ExhaustedSource>();
  Options with = options(std::shared_ptr<TokenSource>(source));
  with.settings.clock = counting;
  const auto client = this->client(with);
  CHECK(read(*client).error().code() == ErrorCode::Network);
  auto first = std::async(std::launch::async, [&] { return read(*client); });
  source->entered.acquire();
  const Call call{.deadline = clock->steady() + seconds(60)};
  auto second = std::async(std::launch::async, [&] { return read(*client, "secret/data/db", call); });
  for (const int before = counting->asked; counting->asked < before + 4;) std::this_thread::yield();
  source->go_on.release();
  CHECK_THROWS_AS(first.get(), std::bad_alloc);
  CHECK(second.get().ok());
}

TEST_CASE_METHOD(AuthFixture, "Eight threads read through many lives of tokens, and none of them notices") {
  vault->lease = 2;
  vault->max_ttl = seconds(5);
  const auto client = this->client(by_app_role());
  std::atomic<bool> done = false;
  std::atomic<int> good = 0;
  std::mutex mutex;
  std::vector<std::string> failures;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        if (auto answer = read(*client); answer) {
          ++good;
        } else {
          const std::lock_guard lock(mutex);
          failures.push_back(answer.error().to_string());
          done = true;
        }
      }
    });
  }
  // A life every two seconds, and now and then none is left when somebody comes.
  for (int step = 0; step < 200 && !done; ++step) {
    clock->advance(std::chrono::milliseconds(step % 20 == 0 ? 3000 : 200));
    for (const int before = good; good < before + 50 && !done;) std::this_thread::yield();
  }
  done = true;
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures) UNSCOPED_INFO(failure);
  CHECK(failures.empty());
  CHECK(vault->count(login_path) >= 10);
  CHECK(vault->count(login_path) <= 40);
}

}  // namespace
}  // namespace locket::inline v1::vault
