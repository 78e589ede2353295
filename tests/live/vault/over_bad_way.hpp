#pragma once

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/vault.hpp>
#include <locket/clock.hpp>

#include "bad_way.hpp"
#include "conformance/vault_fixture.hpp"

namespace locket_test {

/// A test that opens stores over the bad way; skipped, with the reason, where there are no servers.
class OverBadWay {
 public:
  OverBadWay() {
    static const bool mounted = [] {
      conformance::openbao().mount_kv("faults-kv");
      return true;
    }();
    static_cast<void>(mounted);
  }

  /// No attempt waits for long, and no circuit breaker hides what happens.
  locket::vault::Options options(std::uint32_t attempts) const {
    locket::vault::Options options{.address = way.address(),
                                   .mount = "faults-kv",
                                   .name_space = "",
                                   .login = conformance::with_token(conformance::OpenBao::token()),
                                   .is_kv2 = true};
    options.connection.ca_file = conformance::OpenBao::ca();
    options.connection.retry.attempts = attempts;
    options.connection.retry.first = std::chrono::milliseconds(1);
    options.connection.retry.reserve = 0;
    options.connection.breaker.failures = 0;
    return options;
  }
  std::shared_ptr<locket::SecretStore> open(std::uint32_t attempts) const { return opened(options(attempts)); }
  /// To the server itself, for looking at what really happened.
  std::shared_ptr<locket::SecretStore> open_direct() const {
    auto straight = options(3);
    straight.address = conformance::OpenBao::address();
    return opened(straight);
  }
  static std::shared_ptr<locket::SecretStore> opened(const locket::vault::Options& options) {
    return locket::vault::open(options).value();
  }
  static locket::Call within(std::chrono::milliseconds time) {
    return {.deadline = locket::system_clock()->steady() + time};
  }

 private:
  // Before the way is made: there may be nothing to make it to.
  struct SkipUnlessServers {
    SkipUnlessServers() {
      if (const std::string why = conformance::OpenBao::missing(); !why.empty()) SKIP("no OpenBao here: " << why);
      if (std::getenv("LOCKET_TOXIPROXY") == nullptr) SKIP("no Toxiproxy here: LOCKET_TOXIPROXY names none");
    }
  };
  [[no_unique_address]] SkipUnlessServers servers_;

 public:
  BadWay way;
  /// The direct one.
  std::shared_ptr<locket::SecretStore> direct = open_direct();
};

/// How many versions `name` has had, seen without a fault; 0 when it never was.
inline std::uint64_t versions_of(locket::SecretStore& direct, std::string_view name) {
  const auto info = direct.stat(name);
  if (!info && info.error().code() == locket::ErrorCode::NotFound) return 0;
  return std::stoull(info.value().current.value().text());
}

}  // namespace locket_test
