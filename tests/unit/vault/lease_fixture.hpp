#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <locket/backends/vault_database.hpp>
#include <locket/backends/vault_leases.hpp>

#include "auth_fixture.hpp"

namespace locket::inline v1::vault {

/// A Vault whose database engine a test holds in its hand: each read of credentials makes another user.
class LeaseFixture : public AuthFixture {
 public:
  LeaseFixture() {
    vault->give("token");
    vault->instead["database/creds/app"] = [this] { return lend(); };
    vault->instead["sys/leases/renew"] = [this] { return renewal(); };
    vault->instead["sys/leases/revoke"] = [] { return FakeVault::answer(204); };
  }

  // As they are written in answers.
  std::string ttl = "60";
  std::string renewed_ttl = "60";
  bool renews = true;
  int status = 200;          // of credentials
  int renewal_status = 200;  // with `renewal_error`
  std::string renewal_error = "lease not found";
  std::string warnings = "null";
  int users = 0;

  Options server() { return options(token("token")); }
  Leases leases() { return std::move(Leases::open(server()).value()); }
  std::shared_ptr<SecretStore> store(DatabaseOptions with = {}) {
    with.server = server();
    return open_database(std::move(with)).value();
  }
  static std::string user(const Result<Secret>& secret) {
    REQUIRE(secret);
    return std::string(secret->field("username").value().expose());
  }

 private:
  Result<http::Response> lend() {
    if (status == 0) return FakeVault::unreachable();
    if (status != 200) return FakeVault::answer(status, R"({"errors":["unknown role: app, canary"]})");
    ++users;
    return FakeVault::answer(
        200, fmt::format(R"({{"lease_id":"database/creds/app/lease-canary-{0}","renewable":{1},"lease_duration":{2},)"
                         R"("data":{{"password":"p{0}","username":"u{0}"}}}})",
                         users, renews, ttl));
  }
  Result<http::Response> renewal() const {
    if (renewal_status == 0) return FakeVault::unreachable();
    if (renewal_status != 200) {
      return FakeVault::answer(renewal_status, fmt::format(R"({{"errors":["{}"]}})", renewal_error));
    }
    return FakeVault::answer(
        200, fmt::format(R"({{"lease_id":"x","renewable":true,"lease_duration":{},"data":null,"warnings":{}}})",
                         renewed_ttl, warnings));
  }
};

template <class T>
void fails(const Result<T>& result, ErrorCode code, const std::string& reason) {
  REQUIRE_FALSE(result);
  INFO(result.error().to_string());
  CHECK(result.error().code() == code);
  CHECK(result.error().reason() == reason);
  CHECK(result.error().to_string().find("canary") == std::string::npos);
}

}  // namespace locket::inline v1::vault
