// Leases and wrapping tokens of a real OpenBao.
#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "leases_fixture.hpp"

namespace {

using namespace leases;
using enum ErrorCode;
using std::chrono::seconds;
using vault::LeaseStep;

vault::Leases open_leases(const std::string& token = OpenBao::token()) {
  need_server();
  auto made = vault::Leases::open(Engine::server(token));
  REQUIRE(made);
  return std::move(*made);
}

Clock::Steady now() {
  return system_clock()->steady();
}

}  // namespace

TEST_CASE("What Vault lends works in psql, is renewed up to its max TTL, and ends", "[postgresql]") {
  Engine engine;
  const std::string path = engine.mount() + "/creds/" + engine.dynamic_role(3, 5);
  auto leases = open_leases();
  const auto lent = leases.read(path);
  REQUIRE(lent);
  CHECK(log_in(lent->secret).ok);
  CHECK(lent->lease.duration == seconds(3));
  CHECK(lent->lease.renewable);
  CHECK(lent->lease.step(now()) == LeaseStep::None);
  CHECK(lent->secret.metadata().expires.has_value());

  REQUIRE(eventually([&] { return lent->lease.step(now()) == LeaseStep::Renew; }));
  const auto longer = leases.renew(lent->lease);
  REQUIRE(longer);
  CHECK(longer->ends() > lent->lease.ends());
  REQUIRE(eventually([&] { return now() > lent->lease.ends(); }));
  CHECK(log_in(lent->secret).ok);

  // Five seconds after it was made it is over, whatever is asked for.
  const auto last = leases.renew(*longer, seconds(3600));
  REQUIRE(last);
  CHECK(last->capped);
  CHECK(last->duration < seconds(3));
  CHECK(last->step(last->due()) == LeaseStep::ReadAnew);
  REQUIRE(eventually([&] { return !log_in(lent->secret).ok; }));
  CHECK(now() >= last->ends());
  REQUIRE(eventually([&] { return !leases.renew(*last); }));
  fails(leases.renew(*last), Expired, "vault.lease_gone");
}

TEST_CASE("What is revoked works no more", "[postgresql]") {
  Engine engine;
  const std::string role = engine.dynamic_role(600, 3600);
  auto leases = open_leases();
  const auto lent = leases.read(engine.mount() + "/creds/" + role);
  REQUIRE(lent);
  CHECK(log_in(lent->secret).ok);
  CHECK(engine.users(role) == 1);
  REQUIRE(leases.revoke(lent->lease));
  CHECK(engine.users(role) == 0);
  CHECK_FALSE(log_in(lent->secret).ok);
  CHECK(leases.revoke(lent->lease));
  fails(leases.renew(lent->lease), Expired, "vault.lease_gone");
}

TEST_CASE("Paths that lend nothing say so", "[postgresql]") {
  Engine engine;
  auto leases = open_leases();
  fails(leases.read(engine.mount() + "/creds/none"), InvalidArgument, "vault.rejected");
  fails(leases.read(engine.mount() + "/nonsense"), NotFound, "vault.not_found");
  fails(leases.read("nowhere/creds/app"), InvalidArgument, "vault.no_mount");
  fails(leases.read("sys/leases/renew"), InvalidArgument, "vault.path");
  for (const char* path : {"", "/a", "a/", "a//b", "a/../b", "a\nb"}) {
    fails(leases.read(path), InvalidArgument, "vault.path");
  }
  fails(leases.renew({}), InvalidArgument, "vault.no_lease");
  fails(leases.revoke({}), InvalidArgument, "vault.no_lease");
  const std::string token = openbao().token_with(R"(path "none" { capabilities = ["read"] })");
  fails(open_leases(token).read(engine.mount() + "/creds/none"), PermissionDenied, "vault.refused");
}

TEST_CASE("Credentials can be handed on in a wrapping token, once", "[postgresql]") {
  Engine engine;
  const std::string path = engine.mount() + "/creds/" + engine.dynamic_role(60, 120);
  auto leases = open_leases();
  const auto wrapped = leases.wrap(path, seconds(60));
  REQUIRE(wrapped);
  CHECK(wrapped->path == path);
  CHECK(wrapped->lifetime == seconds(60));

  auto receiver = open_leases("s.nobody");
  const auto lent = receiver.unwrap(wrapped->token, path);
  REQUIRE(lent);
  CHECK(log_in(lent->secret).ok);
  CHECK(lent->lease.duration == seconds(60));
  CHECK(leases.renew(lent->lease));
  fails(receiver.unwrap(wrapped->token), Unauthenticated, "vault.wrapped_token");
}

TEST_CASE("What a program gives is wrapped as it is") {
  auto leases = open_leases();
  for (const auto& data : {SecretData::bytes("s3cret"), SecretData::bytes(std::string_view("\xff\0x", 3)),
                           SecretData::fields({{"user", "a"}, {"password", "b"}}).value()}) {
    const auto wrapped = leases.wrap(data, seconds(60));
    REQUIRE(wrapped);
    CHECK(wrapped->path == "sys/wrapping/wrap");
    const auto inside = leases.unwrap(wrapped->token);
    REQUIRE(inside);
    CHECK(inside->secret.kind() == data.kind());
    if (data.kind() == SecretData::Kind::Bytes) CHECK(inside->secret.value() == data.encoded());
    if (data.kind() == SecretData::Kind::Fields) CHECK(text_of(inside->secret, "password") == "b");
    CHECK(inside->lease.id == nullptr);
  }
}

TEST_CASE("A token in which something else is wrapped is not opened") {
  auto leases = open_leases();
  const auto wrapped = leases.wrap(SecretData::bytes("false"), seconds(60));
  REQUIRE(wrapped);
  fails(leases.unwrap(wrapped->token, "database/creds/app"), Unauthenticated, "vault.wrapped_token");
  CHECK(leases.unwrap(wrapped->token));
}

TEST_CASE("What is no wrapping token is told so") {
  auto leases = open_leases();
  for (const char* token : {"", "with blanks"}) {
    fails(leases.unwrap(SecretValue(token)), Unauthenticated, "vault.credential");
  }
  for (const char* token : {"s.0123456789", "root"}) {
    fails(leases.unwrap(SecretValue(token)), Unauthenticated, "vault.wrapped_token");
  }
  fails(leases.wrap("sys/mounts", seconds(0)), InvalidArgument, "vault.option");
}
