#pragma once

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <locket/backends/vault.hpp>
#include <locket/clock.hpp>
#include <locket/transport.hpp>

#include "conformance/vault_fixture.hpp"
#include "http/json.hpp"
#include "http/open.hpp"

/// A real OpenBao with a Toxiproxy in front of it, which does to connections what bad networks do.
namespace locket_test {

/// A way to the server that can be made bad. Its faults count bytes of TLS.
class BadWay {
 public:
  BadWay() : control_(locket::http::open_transport({}).value()), origin_(std::getenv("LOCKET_TOXIPROXY")) {
    const std::string upstream = conformance::OpenBao::address().substr(std::string_view("https://").size());
    const auto made = ask(locket::http::Method::Post, "/proxies",
                          fmt::format(R"({{"name":"way","listen":"127.0.0.1:0","upstream":"{}"}})", upstream));
    listens_ = made.root()["listen"].text();
  }
  ~BadWay() { (void)send(locket::http::Method::Delete, "/proxies/way", {}); }
  BadWay(const BadWay&) = delete;
  BadWay& operator=(const BadWay&) = delete;

  std::string address() const { return "https://" + listens_; }
  int port() const { return std::stoi(listens_.substr(listens_.rfind(':') + 1)); }

  /// `type` and its attributes (JSON members) are Toxiproxy's; "upstream" is from us to the server. Each type and
  /// stream once.
  void make(std::string_view type, std::string_view attributes, std::string_view stream = "downstream") {
    ask(locket::http::Method::Post, "/proxies/way/toxics",
        fmt::format(R"({{"name":"{}-{}","type":"{}","stream":"{}","attributes":{{{}}}}})", type, stream, type, stream,
                    attributes));
  }
  /// Connections that begin from now on are closed after so many bytes of the server's.
  void close_after(int bytes) {
    const std::string attributes = fmt::format(R"({{"attributes":{{"bytes":{}}}}})", bytes);
    const auto changed = send(locket::http::Method::Post, "/proxies/way/toxics/limit_data-downstream", attributes);
    if (changed.status == 404) make("limit_data", fmt::format(R"("bytes":{})", bytes));
  }
  void make_good() {
    auto toxics = ask(locket::http::Method::Get, "/proxies/way/toxics");
    for (const auto& toxic : toxics.root().children()) {
      (void)send(locket::http::Method::Delete, fmt::format("/proxies/way/toxics/{}", toxic["name"].text()), {});
    }
  }
  /// Shut, it accepts no connection, and those that there were are closed.
  void shut(bool shut) {
    ask(locket::http::Method::Post, "/proxies/way", fmt::format(R"({{"enabled":{}}})", shut ? "false" : "true"));
  }

 private:
  locket::http::Response send(locket::http::Method method, const std::string& target, const std::string& body) {
    return control_->send({.method = method, .origin = origin_, .target = target, .body = body}).value();
  }
  locket::http::Json ask(locket::http::Method method, const std::string& target, const std::string& body = {}) {
    auto answer = send(method, target, body);
    if (answer.status < 200 || answer.status > 299) {
      throw std::runtime_error(fmt::format("Toxiproxy answers {}: {}", answer.status, answer.body.view()));
    }
    return locket::http::Json::parse(std::move(answer.body)).value();
  }

  std::shared_ptr<locket::http::Transport> control_;
  std::string origin_;
  std::string listens_;
};

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
