#pragma once

#include <atomic>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/backends/vault.hpp>
#include <locket/testing/conformance.hpp>
#include <locket/transport.hpp>

#include "http/json.hpp"
#include "http/open.hpp"

namespace conformance {

/// The OpenBao beside which the test runs (tests/servers/catch-with-openbao.sh), and its administrator.
class OpenBao {
 public:
  /// Why there is none; empty when there is one.
  static std::string missing() {
    if (std::getenv("LOCKET_OPENBAO_ADDR") != nullptr) return {};
    const char* why = std::getenv("LOCKET_NO_OPENBAO");
    return why != nullptr ? why : "LOCKET_OPENBAO_ADDR names no server";
  }

  OpenBao() : transport_(locket::http::open_transport({.ca_file = ca()}).value()) {}

  static std::string address() { return variable("LOCKET_OPENBAO_ADDR"); }
  static std::string ca() { return variable("LOCKET_OPENBAO_CA"); }
  static std::string token() { return variable("LOCKET_OPENBAO_TOKEN"); }

  /// What the server answers, which must be with 2xx.
  locket::http::Json ask(locket::http::Method method, const std::string& path, const std::string& body = {},
                         const std::string& name_space = {}) {
    auto answer = try_to(method, path, body, name_space);
    if (answer.status < 200 || answer.status > 299) {
      throw std::runtime_error(fmt::format("{} answers {}: {}", path, answer.status, answer.body.view()));
    }
    if (answer.body.empty()) answer.body.append("{}");
    return locket::http::Json::parse(std::move(answer.body)).value();
  }
  locket::http::Response try_to(locket::http::Method method, const std::string& path, const std::string& body = {},
                                const std::string& name_space = {}) {
    const std::string secret = token();
    locket::http::Request request{.method = method, .origin = address(), .target = "/v1/" + path, .body = body};
    request.headers.push_back({.name = "X-Vault-Token", .secret = secret});
    if (!name_space.empty()) request.headers.push_back({.name = "X-Vault-Namespace", .value = name_space});
    if (!body.empty()) request.headers.push_back({.name = "Content-Type", .value = "application/json"});
    return transport_->send(request).value();
  }

  /// A KV engine that answers: right after it was mounted it may still be occupied with itself.
  void mount_kv(const std::string& path, const std::string& name_space = {}, const std::string& version = "2") {
    using enum locket::http::Method;
    ask(Post, "sys/mounts/" + path, fmt::format(R"({{"type":"kv","options":{{"version":"{}"}}}})", version),
        name_space);
    if (version != "2") return;
    for (int i = 0; i < 1'000; ++i) {
      if (try_to(Get, path + "/config", {}, name_space).status == 200) return;
    }
    throw std::runtime_error(path + " does not come up");
  }
  void unmount(const std::string& path) { ask(locket::http::Method::Delete, "sys/mounts/" + path); }

  /// A token that may do what `policy` says, and nothing else; policies are named anew for each.
  std::string token_with(const std::string& policy, const std::string& name_space = {}) {
    using enum locket::http::Method;
    static std::atomic<int> policies = 0;
    const std::string name = fmt::format("conformance-{}", ++policies);
    std::string escaped;
    for (const char c : policy) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
    ask(Post, "sys/policies/acl/" + name, fmt::format(R"({{"policy":"{}"}})", escaped), name_space);
    const auto made = ask(Post, "auth/token/create", fmt::format(R"({{"policies":["{}"]}})", name), name_space);
    return std::string(made.root()["auth"]["client_token"].text());
  }

 private:
  static std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
  }

  std::shared_ptr<locket::http::Transport> transport_;
};

inline OpenBao& openbao() {
  static OpenBao server;
  return server;
}

/// A login by token.
inline locket::vault::Login with_token(const std::string& token) {
  return locket::vault::GivenToken{.token = {.value = std::make_shared<locket::SecretValue>(token)}};
}

/// Something that answers everything alike.
class OneAnswer final : public locket::http::Transport {
 public:
  OneAnswer(int status, std::string body) : status_(status), body_(std::move(body)) {}

 private:
  std::vector<locket::Result<locket::http::Response>> do_send_many(std::span<const locket::http::Request> requests,
                                                                   const locket::Call&) override {
    std::vector<locket::Result<locket::http::Response>> answers;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      locket::http::Response response{.status = status_};
      response.body.append(body_);
      answers.emplace_back(std::move(response));
    }
    return answers;
  }

  const int status_;
  const std::string body_;
};

/// Stores in places of their own on one server.
class VaultFixture : public locket::testing::Fixture {
 public:
  locket::Result<std::shared_ptr<locket::SecretStore>> open(std::span<const locket::testing::Seed> seeds) override {
    options_ = new_place();
    options_.address = OpenBao::address();
    options_.connection.ca_file = OpenBao::ca();
    options_.settings.clock = clock_;
    options_.login = with_token(OpenBao::token());
    auto store = locket::vault::open(options_);
    if (!store) return store;
    if (auto put = locket::testing::put_all(**store, seeds); !put) return std::move(put).error();
    return store;
  }
  locket::Result<std::shared_ptr<locket::SecretStore>> open_again() override { return locket::vault::open(options_); }
  locket::testing::ManualClock* clock() override { return clock_.get(); }
  /// Vault keeps objects, whose members have no order, and has a clock of its own.
  locket::testing::Quirks quirks() const override { return {.reorders_fields = true, .service_times = true}; }

  locket::Result<std::shared_ptr<locket::SecretStore>> open_failing(
      locket::ErrorCode kind, std::span<const locket::testing::Seed> seeds) override {
    using enum locket::ErrorCode;
    if (auto store = open(seeds); !store) return store;
    locket::vault::Options options = options_;
    switch (kind) {
      case PermissionDenied:
        options.login = with_token(openbao().token_with(R"(path "none" { capabilities = ["deny"] })", name_space()));
        break;
      case Unauthenticated: options.login = with_token("s.0123456789abcdefghijkl"); break;
      case Network:
        options.address = "https://127.0.0.1:1";
        options.connection.breaker.failures = 0;
        break;
      case Unavailable:
        options.transport = std::make_shared<OneAnswer>(503, R"({"errors":["Vault is sealed"]})");
        break;
      case MalformedResponse: options.transport = std::make_shared<OneAnswer>(200, "<html>Welcome</html>"); break;
      default: return std::shared_ptr<locket::SecretStore>();
    }
    return locket::vault::open(options);
  }

 protected:
  /// Mount, prefix and namespace where nothing is.
  virtual locket::vault::Options new_place() = 0;
  std::string name_space() const { return options_.name_space.value_or(""); }
  static int next() {
    static std::atomic<int> count = 0;
    return ++count;
  }

 private:
  // Whoever waits brings the time with him: what the transport waits for must not stand still with the clock.
  std::shared_ptr<locket::testing::ManualClock> clock_ =
      std::make_shared<locket::testing::ManualClock>(locket::testing::ManualClock::Waits::Never);
  locket::vault::Options options_;
};

}  // namespace conformance
