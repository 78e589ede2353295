// The store of database credentials over a real OpenBao and a real PostgreSQL.
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/credentials.hpp>

#include "leases_fixture.hpp"

namespace {

using namespace leases;
using enum ErrorCode;
using std::chrono::seconds;
using vault::DatabaseRoles;

/// What threads that use credentials saw.
struct Use {
  std::set<std::string> credentials = {};
  int logins = 0;
  int rotating = 0;
  std::vector<std::string> failures = {};
};

/// Threads that read the credentials and log in with them, again and again, until `enough`.
template <class Enough>
Use use(SecretStore& store, const std::string& role, Enough enough) {
  Use seen;
  std::mutex mutex;
  const auto until = std::chrono::steady_clock::now() + seconds(40);
  const auto once = [&] {
    const auto secret = store.get(role);
    if (!secret) {
      const std::lock_guard lock(mutex);
      seen.failures.push_back(secret.error().to_string());
      return;
    }
    const Psql login = log_in(*secret);
    const auto now = system_clock()->now();
    const std::lock_guard lock(mutex);
    const bool certain = secret->metadata().expires && now < *secret->metadata().expires;
    ++seen.logins;
    seen.rotating += secret->metadata().status == "rotating" ? 1 : 0;
    if (!login.ok && certain) seen.failures.push_back(login.output);
    if (login.ok) seen.credentials.insert(text_of(*secret, "username") + " " + text_of(*secret, "password"));
  };
  const auto go_on = [&] {
    const std::lock_guard lock(mutex);
    return !enough(seen) && std::chrono::steady_clock::now() < until;
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (go_on()) once();
      });
    }
  }
  return seen;
}

}  // namespace

TEST_CASE("Dynamic credentials are replaced in time while four threads log in with them", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(3, 6);
  const auto store = engine.open();
  const Use seen = use(*store, role, [](const Use& so_far) { return so_far.credentials.size() >= 4; });
  for (const std::string& failure : seen.failures) UNSCOPED_INFO(failure);
  CHECK(seen.failures.empty());
  CHECK(seen.credentials.size() == 4);
  CHECK(seen.logins > 8);
  SUCCEED(seen.logins << " logins with " << seen.credentials.size() << " users, none failed");
  // Those that were let go end by themselves, and no more were made than were used.
  CHECK(engine.users(role) <= 2);
}

TEST_CASE("A static role's password is followed through its rotations", "[postgresql]") {
  Engine engine;
  const std::string role = engine.static_role(6);
  const auto store = engine.open({.roles = DatabaseRoles::Static});
  const Use seen = use(*store, role, [](const Use& so_far) { return so_far.credentials.size() >= 3; });
  for (const std::string& failure : seen.failures) UNSCOPED_INFO(failure);
  CHECK(seen.failures.empty());
  CHECK(seen.credentials.size() == 3);
  SUCCEED(seen.logins << " logins with " << seen.credentials.size() << " passwords, " << seen.rotating
                      << " of them while one was about to change; none that should have worked failed");
  const auto secret = store->get(role);
  REQUIRE(secret);
  CHECK(text_of(*secret, "username") == engine.group(role));
  CHECK(secret->metadata().rotation_period == seconds(6));
  CHECK(secret->metadata().last_rotated.has_value());
  REQUIRE(BasicAuth::from(*secret));
}

TEST_CASE("Threads that come together share one user", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(600, 3600);
  const auto store = engine.open();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { good += store->get(role) ? 1 : 0; });
    }
  }
  CHECK(good == 8);
  CHECK(engine.users(role) == 1);
  const auto secret = store->get(role);
  REQUIRE(secret);
  CHECK(secret->field_names().value() == std::vector<std::string>{"username", "password"});
  CHECK(secret->metadata().type == BasicAuth::type);
  CHECK_FALSE(secret->version());
}

TEST_CASE("Looking at a role makes no user", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(600, 3600);
  const auto store = engine.open();
  const auto info = store->stat(role);
  REQUIRE(info);
  CHECK(info->fields == std::vector<std::string>{"username", "password"});
  const auto page = store->list("");
  REQUIRE(page);
  REQUIRE(page->items.size() == 1);
  CHECK(page->items[0].name.text() == role);
  CHECK(store->list("below/")->items.empty());
  CHECK(engine.users(role) == 0);

  REQUIRE(store->get(role));
  CHECK(store->stat(role)->metadata->expires.has_value());
  CHECK(engine.users(role) == 1);
  CHECK(store->health()->ready);
}

TEST_CASE("A rejected user is replaced, and reports that come late do no harm", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(600, 3600);
  const auto observer = std::make_shared<testing::RecordingObserver>();
  const auto store = engine.open({.server = {.settings = {.observer = observer}}});
  const auto first = store->get(role);
  REQUIRE(first);
  REQUIRE(store->report_rejected(role, Version("1")));
  CHECK(text_of(*store->get(role), "username") == text_of(*first, "username"));
  REQUIRE(eventually([&] {
    REQUIRE(store->report_rejected(role, Version("1")));
    return text_of(*store->get(role), "username") != text_of(*first, "username");
  }));
  CHECK(engine.users(role) == 2);
}

TEST_CASE("A user whom somebody else revoked is not renewed but replaced", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(3, 60);
  const auto store = engine.open();
  const auto first = store->get(role);
  REQUIRE(first);
  openbao().ask(Method::Post, fmt::format("sys/leases/revoke-prefix/{}/creds/{}", engine.mount(), role),
                R"({"sync":true})");
  CHECK_FALSE(log_in(*first).ok);
  REQUIRE(eventually([&] { return text_of(*store->get(role), "username") != text_of(*first, "username"); }));
  CHECK(log_in(*store->get(role)).ok);
}

TEST_CASE("A policy without leases gets other users instead of longer ones", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(3, 60);
  const std::string token = openbao().token_with(fmt::format(R"(path "{}/creds/{}" {{ capabilities = ["read"] }} )"
                                                             R"(path "sys/leases/renew" {{ capabilities = ["deny"] }})",
                                                             engine.mount(), role));
  const auto store = engine.open({}, token);
  const Use seen = use(*store, role, [](const Use& so_far) { return so_far.credentials.size() >= 3; });
  for (const std::string& failure : seen.failures) UNSCOPED_INFO(failure);
  CHECK(seen.failures.empty());
  CHECK(seen.credentials.size() == 3);
}

TEST_CASE("Leases are revoked with the store where that is asked for", "[postgresql]") {
  Engine engine;
  const std::string kept = engine.dynamic_role(600, 3600);
  const std::string ended = engine.dynamic_role(600, 3600);
  REQUIRE(engine.open()->get(kept));
  CHECK(engine.users(kept) == 1);
  REQUIRE(engine.open({.revoke_at_close = true})->get(ended));
  CHECK(eventually([&] { return engine.users(ended) == 0; }));
  CHECK(engine.users(kept) == 1);
}

TEST_CASE("What is no role, no engine or not allowed is told apart", "[postgresql]") {
  Engine engine;
  const std::string dynamic = engine.dynamic_role(600, 3600);
  const std::string fixed = engine.static_role(600);
  const auto store = engine.open();
  const auto statics = engine.open({.roles = DatabaseRoles::Static});
  for (const std::string& name :
       {std::string("none"), std::string("a/b"), std::string("-x"), std::string("a=b"), fixed}) {
    fails(store->get(name), NotFound, "vault.no_role");
    fails(store->stat(name), NotFound, "vault.no_role");
  }
  fails(statics->get(dynamic), NotFound, "vault.no_role");
  fails(statics->stat(dynamic), NotFound, "vault.no_role");
  CHECK(statics->stat(fixed));
  CHECK(statics->list("")->items.size() == 1);
  CHECK(store->put(dynamic, SecretData::bytes("x")).error().code() == NotSupported);

  const std::string token = openbao().token_with(R"(path "none" { capabilities = ["read"] })");
  const auto refused = engine.open({}, token);
  fails(refused->get(dynamic), PermissionDenied, "vault.refused");
  fails(refused->list(""), PermissionDenied, "vault.refused");

  vault::DatabaseOptions elsewhere{.server = Engine::server(), .mount = "nowhere"};
  fails((*vault::open_database(elsewhere))->get("app"), InvalidArgument, "vault.no_mount");
  fails((*vault::open_database(elsewhere))->list(""), InvalidArgument, "vault.no_mount");
  elsewhere.mount = "identity";
  fails((*vault::open_database(elsewhere))->get("app"), InvalidArgument, "vault.no_mount");
}

TEST_CASE("A vault-db URL opens the store", "[postgresql]") {
  Engine engine;
  const std::string role = engine.static_role(600);
  Registry registry;
  vault::add_schemes(registry);
  const std::string url = fmt::format("vault-db://{}/{}?kind=static&ca={}&namespace=", OpenBao::address().substr(8),
                                      engine.mount(), OpenBao::ca());
  REQUIRE(::setenv("VAULT_TOKEN", OpenBao::token().c_str(), 1) == 0);
  const auto store = registry.open(url);
  REQUIRE(store);
  const auto secret = (*store)->get(role);
  ::unsetenv("VAULT_TOKEN");
  REQUIRE(secret);
  CHECK(log_in(*secret).ok);
  CHECK((*store)->describe() == fmt::format("vault {}/{}, static database roles", OpenBao::address(), engine.mount()));
}
