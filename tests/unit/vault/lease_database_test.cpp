// When database credentials are renewed, replaced and let go, on a clock that a test moves.
#include <atomic>
#include <chrono>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "database_store.hpp"
#include "lease_fixture.hpp"

namespace locket::inline v1::vault {
namespace {

using enum ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string static_answer(int ttl, const char* password) {
  return fmt::format(R"({{"lease_id":"","lease_duration":0,"data":{{"username":"app","password":"{}","ttl":{},)"
                     R"("rotation_period":60,"last_vault_rotation":"2029-12-31T23:59:00.5Z"}}}})",
                     password, ttl);
}

}  // namespace

TEST_CASE_METHOD(LeaseFixture, "The same user is given until a third of its life is left, and then renewed") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(39));
  CHECK(user(db->get("app")) == "u1");
  CHECK(vault->count("sys/leases/renew") == 0);
  clock->advance(seconds(1));
  const auto renewed = db->get("app");
  CHECK(user(renewed) == "u1");
  CHECK(renewed->metadata().expires == clock->now() + seconds(60));
  CHECK(vault->count("sys/leases/renew") == 1);
  CHECK(vault->count("database/creds") == 1);
}

TEST_CASE_METHOD(LeaseFixture, "What cannot be renewed is replaced when a third of its life is left") {
  renews = false;
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(40));
  CHECK(user(db->get("app")) == "u2");
  CHECK(vault->count("sys/leases/renew") == 0);
  CHECK(observer->count(Event::Kind::Changed) == 1);
}

TEST_CASE_METHOD(LeaseFixture, "A renewal that is capped to less than a third is followed by another user") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(40));
  renewed_ttl = "19";
  CHECK(user(db->get("app")) == "u2");
}

TEST_CASE_METHOD(LeaseFixture, "A renewal that is capped is used to the third of what it once was") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(40));
  renewed_ttl = "30";
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(10));
  CHECK(user(db->get("app")) == "u2");
  CHECK(vault->count("sys/leases/renew") == 1);
}

TEST_CASE_METHOD(LeaseFixture,
                 "While Vault cannot be reached the user is given until it ends, and not a moment longer") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  status = 0;
  renewal_status = 0;
  clock->advance(seconds(59));
  CHECK(user(db->get("app")) == "u1");
  CHECK(observer->count(Event::Kind::RefreshFailed) == 1);
  CHECK(user(db->get("app")) == "u1");
  CHECK(vault->count("sys/leases/renew") == 1);  // not at each call
  clock->advance(seconds(1));
  fails(db->get("app"), Network, "http.connect");
  status = 200;
  CHECK(user(db->get("app")) == "u2");
}

TEST_CASE_METHOD(LeaseFixture, "A lease that is gone takes its user with it") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(40));
  renewal_status = 400;
  status = 0;
  fails(db->get("app"), Network, "http.connect");
  fails(db->get("app"), Network, "http.connect");
  status = 200;
  CHECK(user(db->get("app")) == "u2");
}

TEST_CASE_METHOD(LeaseFixture, "A rejected user is replaced, unless it is too new to be meant") {
  const auto db = store();
  CHECK(db->report_rejected("app", Version("1")).ok());
  CHECK(user(db->get("app")) == "u1");
  clock->advance(milliseconds(999));
  CHECK(db->report_rejected("app", Version("1")).ok());
  CHECK(user(db->get("app")) == "u1");
  clock->advance(milliseconds(1));
  CHECK(db->report_rejected("app", Version("1")).ok());
  CHECK(user(db->get("app")) == "u2");
  CHECK(user(db->get("app")) == "u2");
}

TEST_CASE_METHOD(LeaseFixture, "A user that is rejected while it is renewed is not given again") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(40));
  vault->before = [&](const std::string& path) {
    if (path == "sys/leases/renew") CHECK(db->report_rejected("app", Version("1")).ok());
  };
  CHECK(user(db->get("app")) == "u2");
}

TEST_CASE_METHOD(LeaseFixture, "Who comes while a user is made shares it, or its error") {
  const auto db = store();
  std::atomic<int> arrived = 0;
  vault->before = [&](const std::string& path) {
    if (path != "database/creds/app") return;
    while (arrived < 4) std::this_thread::yield();
  };
  std::atomic<int> same = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        ++arrived;
        const auto secret = db->get("app");
        same += secret && secret->field("username").value().expose() == "u1" ? 1 : 0;
      });
    }
  }
  CHECK(same == 4);
  CHECK(users == 1);
}

TEST_CASE_METHOD(LeaseFixture, "While one call renews, the others go on with what there is") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->advance(seconds(40));
  std::latch renewing(1);
  std::latch go_on(1);
  vault->before = [&](const std::string& path) {
    if (path != "sys/leases/renew") return;
    renewing.count_down();
    go_on.wait();
  };
  const std::jthread renewer([&] { static_cast<void>(db->get("app")); });
  renewing.wait();
  const auto secret = db->get("app");
  go_on.count_down();
  CHECK(user(secret) == "u1");
}

TEST_CASE_METHOD(LeaseFixture, "Who waits for another's fetch waits no longer than it may") {
  const auto db = store();
  std::latch fetching(1);
  std::latch go_on(1);
  vault->before = [&](const std::string& path) {
    if (path != "database/creds/app") return;
    fetching.count_down();
    go_on.wait();
  };
  const std::jthread fetcher([&] { static_cast<void>(db->get("app")); });
  fetching.wait();
  std::stop_source stop;
  Result<Secret> cancelled = Error({.code = Internal});
  {
    const std::jthread waiter([&] { cancelled = db->get("app", {}, {.stop = stop.get_token()}); });
    stop.request_stop();
  }
  fails(cancelled, Cancelled, "call.cancelled");
  Result<Secret> late = Error({.code = Internal});
  {
    const auto deadline = clock->steady() + seconds(5);
    const std::jthread waiter([&] { late = db->get("app", {}, {.deadline = deadline}); });
    clock->advance(seconds(5));
  }
  go_on.count_down();
  fails(late, Timeout, "call.deadline");
}

TEST_CASE_METHOD(LeaseFixture, "A fetch that its caller gave up is tried by the next") {
  const auto db = store();
  int fetches = 0;
  vault->instead["database/creds/app"] = [&]() -> Result<http::Response> {
    if (++fetches == 1) return Error({.code = Cancelled, .reason = "call.cancelled", .message = "cancelled"});
    return FakeVault::answer(200, R"({"lease_id":"l","lease_duration":60,"data":{"username":"u","password":"p"}})");
  };
  std::atomic<int> arrived = 0;
  vault->before = [&](const std::string& path) {
    while (path == "database/creds/app" && arrived < 2) std::this_thread::yield();
  };
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        ++arrived;
        good += db->get("app") ? 1 : 0;
      });
    }
  }
  CHECK(good == 1);
  CHECK(fetches == 2);
}

TEST_CASE_METHOD(LeaseFixture, "Credentials without a lease, or with one that has ended, are no answer") {
  ttl = GENERATE("0", "-1", "\"x\"");
  fails(store()->get("app"), MalformedResponse, "vault.response");
}

TEST_CASE_METHOD(LeaseFixture, "An unknown role is not found, and not remembered") {
  const auto db = store();
  status = 400;
  fails(db->get("app"), NotFound, "vault.no_role");
  status = 200;
  CHECK(user(db->get("app")) == "u1");
  for (const char* name : {"a/b", "-a", "a-", "a=b", "a:b"}) fails(db->get(name), NotFound, "vault.no_role");
  CHECK(vault->count("database/creds") == 2);
}

TEST_CASE_METHOD(LeaseFixture, "A machine that slept through the end of a lease gets another user") {
  const auto db = store();
  CHECK(user(db->get("app")) == "u1");
  clock->set_now(clock->now() + seconds(61));  // the steady clock stood still meanwhile
  CHECK(user(db->get("app")) == "u2");
  CHECK(user(db->get("app")) == "u2");
}

TEST_CASE_METHOD(LeaseFixture, "A user is asked for once, and what came of a lost answer is no effect of a read") {
  const auto db = store();
  vault->instead["database/creds/app"] = [] { return FakeVault::answer(200, "{}"); };
  const auto secret = db->get("app");
  fails(secret, MalformedResponse, "vault.response");
  CHECK(secret.error().effect() == Effect::None);
  CHECK(vault->last("database/creds/app").purpose == http::Purpose::Write);
  const auto statics = store({.roles = DatabaseRoles::Static});
  vault->instead["database/static-creds/app"] = [] { return FakeVault::answer(200, static_answer(60, "x")); };
  CHECK(statics->get("app"));
  CHECK(vault->last("database/static-creds/app").purpose == http::Purpose::Read);
}

TEST_CASE_METHOD(LeaseFixture, "Names that were never read are not kept") {
  int asked = 0;
  vault->instead["database/creds/"] = [&] {
    ++asked;
    return FakeVault::refused_by_policy();
  };
  const DatabaseOptions options{.server = server()};
  DatabaseStore db(options, Client::make(options.server, "test").value(), "test");
  for (int i = 0; i < 10; ++i) fails(db.get(fmt::format("r{}", i)), PermissionDenied, "vault.refused");
  CHECK(asked >= 10);
  CHECK(db.remembered() == 0);
}

TEST_CASE_METHOD(LeaseFixture, "A mount that is of another engine has no roles, and that is said") {
  const auto db = store();
  vault->instead["database/roles"] = [] { return FakeVault::answer(404, R"({"errors":[]})"); };
  const auto mount = [&](int code, const char* body) {
    vault->instead["sys/internal/ui/mounts/database"] = [=] { return FakeVault::answer(code, body); };
  };
  mount(200, R"({"data":{"path":"database/","type":"kv"}})");
  fails(db->list(""), InvalidArgument, "vault.no_mount");
  fails(db->stat("app"), InvalidArgument, "vault.no_mount");
  mount(200, R"({"data":{"path":"database/","type":"database"}})");
  CHECK(db->list("")->items.empty());
  fails(db->stat("app"), NotFound, "vault.no_role");
  mount(403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})");
  CHECK(db->list("")->items.empty());
  mount(200, R"({"data":{}})");
  CHECK(db->list("")->items.empty());
}

TEST_CASE_METHOD(LeaseFixture, "A static role's password is good until two seconds before Vault changes it") {
  int left = 62;
  const char* password = "old";
  vault->instead["database/static-creds/app"] = [&] { return FakeVault::answer(200, static_answer(left, password)); };
  const auto db = store({.roles = DatabaseRoles::Static});
  const auto first = db->get("app");
  CHECK(user(first) == "app");
  CHECK(first->field_names().value() == std::vector<std::string>{"username", "password"});
  CHECK(first->metadata().expires == clock->now() + seconds(60));
  CHECK(first->metadata().rotation_period == seconds(60));
  CHECK(first->metadata().status.empty());
  clock->advance(seconds(39));
  CHECK(db->get("app"));
  CHECK(vault->count("database/static-creds") == 1);

  // In the last third it is looked at again, in case that somebody changed it by hand.
  clock->advance(seconds(1));
  left = 22;
  CHECK(db->get("app"));
  CHECK(vault->count("database/static-creds") == 2);
  CHECK(observer->count(Event::Kind::Changed) == 0);

  clock->advance(seconds(20));
  left = 2;
  for (int i = 0; i < 3; ++i) {
    const auto secret = db->get("app");
    REQUIRE(secret);
    CHECK_FALSE(secret->metadata().expires);
    CHECK(secret->metadata().status == "rotating");
  }
  CHECK(vault->count("database/static-creds") == 5);
  left = 60;
  password = "new";
  const auto rotated = db->get("app");
  CHECK(rotated->field("password").value().expose() == "new");
  CHECK(rotated->metadata().expires.has_value());
  CHECK(observer->count(Event::Kind::Changed) == 1);
}

TEST_CASE_METHOD(LeaseFixture, "Leases are revoked at the end where asked for, and never by a forked child") {
  for (const bool asked : {false, true}) {
    auto db = store({.revoke_at_close = asked});
    REQUIRE(db->get("app"));
    const pid_t child = ::fork();
    if (child == 0) {
      db.reset();
      ::_exit(static_cast<int>(vault->count("sys/leases/revoke")));
    }
    int result = 0;
    REQUIRE(::waitpid(child, &result, 0) == child);
    CHECK(result == 0);
    db.reset();
    CHECK(vault->count("sys/leases/revoke") == (asked ? 1 : 0));
  }
}

TEST_CASE_METHOD(LeaseFixture, "Options of database stores that make no sense are refused") {
  DatabaseOptions wrong{.server = server(), .roles = DatabaseRoles::Static, .revoke_at_close = true};
  fails(open_database(wrong), InvalidArgument, "vault.option");
  fails(open_database({.server = server(), .mount = "a//b"}), InvalidArgument, "vault.option");
  fails(open_database({.server = server(), .mount = ""}), InvalidArgument, "vault.option");
  for (const auto& set : std::vector<void (*)(Options&)>{
           [](Options& options) { options.mount = "kv"; }, [](Options& options) { options.prefix = "a"; },
           [](Options& options) { options.is_kv2 = true; }, [](Options& options) { options.max_versions = 3; }}) {
    DatabaseOptions useless{.server = server()};
    set(useless.server);
    fails(open_database(useless), InvalidArgument, "vault.option");
  }
}

TEST_CASE("vault-db URLs say which roles, and take the options of vault URLs") {
  const auto read = [](const std::string& url) { return database_options_of(StoreUrl::parse(url).value()); };
  const auto options = read("vault-db://vault:8200/team/db?kind=static&namespace=a&auth=cert&ca=/ca.pem");
  REQUIRE(options);
  CHECK(options->mount == "team/db");
  CHECK(options->roles == DatabaseRoles::Static);
  CHECK(options->server.address == "https://vault:8200");
  CHECK(options->server.name_space == "a");
  CHECK(options->server.connection.ca_file == "/ca.pem");
  CHECK(std::holds_alternative<Certificate>(options->server.login));
  const auto plain = read("vault-db+http://127.0.0.1:8200?revoke-at-close=true");
  REQUIRE(plain);
  CHECK(plain->mount == "database");
  CHECK(plain->roles == DatabaseRoles::Dynamic);
  CHECK(plain->server.address == "http://127.0.0.1:8200");
  CHECK(plain->revoke_at_close);
  for (const char* url : {"vault-db://v?kind=other", "vault-db://v?prefix=a", "vault-db://v?kv=2", "vault://v/secret",
                          "vault-db+http:", "vault-db://v?revoke-at-close=maybe"}) {
    fails(read(url), InvalidArgument, read(url).error().reason());
  }
}

}  // namespace locket::inline v1::vault
