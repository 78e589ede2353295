// Leases as Vault tells of them, and wrapping.
#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "lease_fixture.hpp"

namespace locket::inline v1::vault {
namespace {

using enum ErrorCode;
using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds ten_years = hours(24 * 365 * 10);

}  // namespace

TEST_CASE_METHOD(LeaseFixture, "A lease is to be renewed when a third of its life is left") {
  auto all = leases();
  const auto lent = all.read("database/creds/app");
  REQUIRE(lent);
  const DynamicLease& lease = lent->lease;
  CHECK(lease.duration == seconds(60));
  CHECK(lease.ends() == clock->steady() + seconds(60));
  CHECK(lease.step(lease.since + seconds(39)) == LeaseStep::None);
  CHECK(lease.step(lease.since + seconds(40)) == LeaseStep::Renew);
  CHECK(lease.step(lease.since + seconds(60)) == LeaseStep::ReadAnew);
  CHECK(lent->secret.metadata().expires == clock->now() + seconds(60));
}

TEST_CASE_METHOD(LeaseFixture, "26: times that are none are clamped") {
  const auto [told, meant] =
      GENERATE(std::pair<const char*, seconds>{"-1", seconds(0)}, std::pair<const char*, seconds>{"0", seconds(0)},
               std::pair<const char*, seconds>{"9223372036854775808", ten_years},
               std::pair<const char*, seconds>{"9223372036854775807", ten_years},
               std::pair<const char*, seconds>{"-9223372036854775808", seconds(0)});
  ttl = told;
  renewed_ttl = told;
  auto all = leases();
  const auto lent = all.read("database/creds/app");
  REQUIRE(lent);
  CHECK(lent->lease.duration == meant);
  const auto renewed = all.renew(lent->lease);
  REQUIRE(renewed);
  CHECK(renewed->duration == meant);
}

TEST_CASE_METHOD(LeaseFixture, "A time that is no whole number is no answer") {
  ttl = GENERATE("1.5", "\"60\"", "null", "1e3");
  fails(leases().read("database/creds/app"), MalformedResponse, "vault.response");
}

TEST_CASE_METHOD(LeaseFixture, "What comes without a lease does not end") {
  vault->instead["kv/app"] = [] {
    return FakeVault::answer(200, R"({"lease_id":"","lease_duration":2764800,"data":{"a":"b"}})");
  };
  const auto read = leases().read("kv/app");
  REQUIRE(read);
  CHECK(read->lease.id == nullptr);
  CHECK(read->lease.ends() == DynamicLease::never);
  CHECK(read->lease.step(clock->steady() + ten_years) == LeaseStep::None);
  CHECK_FALSE(read->secret.metadata().expires);
}

TEST_CASE_METHOD(LeaseFixture, "A renewal that gives less than before was capped") {
  auto all = leases();
  const auto lent = all.read("database/creds/app");
  clock->advance(seconds(40));
  renewed_ttl = "15";
  const auto renewed = all.renew(lent->lease);
  REQUIRE(renewed);
  CHECK(renewed->capped);
  CHECK(renewed->ends() == clock->steady() + seconds(15));
  CHECK(renewed->step(clock->steady()) == LeaseStep::ReadAnew);  // less than a third of what it once was
  CHECK(vault->last("sys/leases/renew").body.find("increment") == std::string::npos);
  CHECK(vault->last("sys/leases/renew").purpose == http::Purpose::IdempotentWrite);
}

TEST_CASE_METHOD(LeaseFixture, "What was asked for decides whether a renewal was capped, and so does Vault's warning") {
  auto all = leases();
  const auto lent = all.read("database/creds/app");
  renewed_ttl = "20";
  CHECK_FALSE(all.renew(lent->lease, seconds(20))->capped);
  CHECK(vault->last("sys/leases/renew").body.find(R"("increment":"20s")") != std::string::npos);
  CHECK(all.renew(lent->lease, seconds(21))->capped);
  warnings = R"(["TTL of \"20s\" exceeded the effective max_ttl of \"10s\"; TTL value is capped accordingly"])";
  CHECK(all.renew(lent->lease, seconds(20))->capped);
  fails(all.renew(lent->lease, seconds(0)), InvalidArgument, "vault.option");
}

TEST_CASE_METHOD(LeaseFixture, "A lease that is gone or cannot be renewed is told apart") {
  auto all = leases();
  const auto lent = all.read("database/creds/app");
  renewal_status = 400;
  fails(all.renew(lent->lease), Expired, "vault.lease_gone");
  renewal_error = "lease expired";
  fails(all.renew(lent->lease), Expired, "vault.lease_gone");
  renewal_error = "lease is not renewable";
  fails(all.renew(lent->lease), NotSupported, "vault.not_renewable");
  renewal_error = "something canary";
  fails(all.renew(lent->lease), InvalidArgument, "vault.rejected");
}

TEST_CASE_METHOD(LeaseFixture, "A revocation names the lease and waits; one that is gone is revoked") {
  auto all = leases();
  const auto lent = all.read("database/creds/app");
  REQUIRE(all.revoke(lent->lease));
  CHECK(vault->last("sys/leases/revoke").body == R"({"lease_id":"database/creds/app/lease-canary-1","sync":"true"})");
  vault->instead["sys/leases/revoke"] = [] { return FakeVault::answer(400, R"({"errors":["invalid lease"]})"); };
  CHECK(all.revoke(lent->lease));
  vault->instead["sys/leases/revoke"] = [] { return FakeVault::answer(500, R"({"errors":["canary"]})"); };
  const auto failed = all.revoke(lent->lease);
  fails(failed, Unavailable, "vault.unavailable");
  CHECK(failed.error().effect() == Effect::Unknown);
}

TEST_CASE_METHOD(LeaseFixture, "Errors name place and operation") {
  status = 400;
  const auto read = leases().read("database/creds/app");
  fails(read, InvalidArgument, "vault.rejected");
  CHECK(read.error().operation() == "read");
  CHECK(read.error().backend() == "vault https://vault.example:8200, leases");
}

TEST_CASE_METHOD(LeaseFixture, "Calls that should end are not begun") {
  auto all = leases();
  std::stop_source stop;
  stop.request_stop();
  fails(all.read("database/creds/app", {.stop = stop.get_token()}), Cancelled, "call.cancelled");
  fails(all.read("database/creds/app", {.deadline = clock->steady()}), Timeout, "call.deadline");
  CHECK(users == 0);
}

TEST_CASE_METHOD(LeaseFixture, "In a forked child nothing is asked") {
  auto all = leases();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto read = all.read("database/creds/app");
    ::_exit(!read && read.error().reason() == "store.forked" ? 0 : 1);
  }
  int result = 0;
  REQUIRE(::waitpid(child, &result, 0) == child);
  CHECK(result == 0);
}

namespace {

constexpr const char* wrapped_answer =
    R"({"data":null,"wrap_info":{"token":"s.wrapping-canary","ttl":30,"creation_path":"database/creds/app"}})";
constexpr const char* label =
    R"({"data":{"creation_path":"database/creds/app","creation_time":"2029-12-31T23:59:40Z","creation_ttl":30}})";

}  // namespace

TEST_CASE_METHOD(LeaseFixture, "Wrapping asks Vault to keep the answer") {
  vault->instead["database/creds/app"] = [] { return FakeVault::answer(200, wrapped_answer); };
  const auto wrapped = leases().wrap("database/creds/app", seconds(30));
  REQUIRE(wrapped);
  CHECK(wrapped->token.expose() == "s.wrapping-canary");
  CHECK(wrapped->lifetime == seconds(30));
  CHECK(vault->last("database").headers.at("X-Vault-Wrap-TTL") == "30");
  vault->instead["database/creds/app"] = [] { return FakeVault::answer(200, R"({"data":{"password":"canary"}})"); };
  fails(leases().wrap("database/creds/app", seconds(30)), MalformedResponse, "vault.response");
}

TEST_CASE_METHOD(LeaseFixture, "What is unwrapped is as old as its wrapping") {
  vault->instead["sys/wrapping/lookup"] = [] { return FakeVault::answer(200, label); };
  vault->instead["sys/wrapping/unwrap"] = [] {
    return FakeVault::answer(200, R"({"lease_id":"l","lease_duration":60,"data":{"a":"b"}})");
  };
  const auto inside = leases().unwrap(SecretValue("s.wrapping"), "database/creds/app");
  REQUIRE(inside);
  CHECK(inside->lease.ends() == clock->steady() + seconds(40));
  CHECK(inside->secret.metadata().expires == clock->now() + seconds(40));
  const auto seen = vault->last("sys/wrapping/unwrap");
  CHECK(seen.headers.at("X-Vault-Token") == "s.wrapping");
  CHECK(seen.purpose == http::Purpose::Write);  // a second time would look as if a thief had been first
  CHECK(vault->last("sys/wrapping/lookup").headers.count("X-Vault-Token") == 0);
}

TEST_CASE_METHOD(LeaseFixture, "26: whenever something was wrapped, its age can be counted with") {
  const auto [made, age] = GENERATE(std::pair<const char*, seconds>{"0001-01-01T00:00:00Z", ten_years},
                                    std::pair<const char*, seconds>{"1970-01-01T00:00:00Z", ten_years},
                                    std::pair<const char*, seconds>{"9999-12-31T23:59:59Z", seconds(0)});
  INFO(made);
  vault->instead["sys/wrapping/lookup"] = [made] {
    return FakeVault::answer(200, fmt::format(R"({{"data":{{"creation_path":"x","creation_time":"{}"}}}})", made));
  };
  vault->instead["sys/wrapping/unwrap"] = [] {
    return FakeVault::answer(200, R"({"lease_id":"l","lease_duration":60,"data":{"a":"b"}})");
  };
  const auto inside = leases().unwrap(SecretValue("s.wrapping"));
  REQUIRE(inside);
  CHECK(inside->lease.ends() == clock->steady() + seconds(60) - age);
}

TEST_CASE_METHOD(LeaseFixture, "A wrapping token that somebody opened is an alarm") {
  const auto refuse = [] { return FakeVault::answer(400, R"({"errors":["wrapping token is not valid, canary"]})"); };
  vault->instead["sys/wrapping/lookup"] = refuse;
  const auto first = leases().unwrap(SecretValue("s.wrapping-canary"));
  fails(first, Unauthenticated, "vault.wrapped_token");
  CHECK(first.error().hint().find("somebody else") != std::string::npos);
  vault->instead["sys/wrapping/lookup"] = [] { return FakeVault::answer(200, label); };
  vault->instead["sys/wrapping/unwrap"] = refuse;
  fails(leases().unwrap(SecretValue("s.wrapping-canary")), Unauthenticated, "vault.wrapped_token");
  const std::size_t opened = vault->count("sys/wrapping/unwrap");
  fails(leases().unwrap(SecretValue("s.wrapping-canary"), "sys/wrapping/wrap"), Unauthenticated, "vault.wrapped_token");
  CHECK(vault->count("sys/wrapping/unwrap") == opened);
}

}  // namespace locket::inline v1::vault
