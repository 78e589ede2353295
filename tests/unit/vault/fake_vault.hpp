#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/testing/manual_clock.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::vault {

/// A transport behind which something behaves as Vault does with tokens: they expire on its clock, are good for so many
/// requests, can be renewed up to a time, and are answered 403 in Vault's words when they are none. What it is told to
/// do comes from its members, which a test sets while nothing is sent.
class FakeVault final : public http::Transport {
 public:
  explicit FakeVault(std::shared_ptr<testing::ManualClock> clock) : clock_(std::move(clock)) {}

  // What a login gives.
  std::int64_t lease = 3600;
  std::optional<std::string> lease_text = {};  // instead, as it is written
  bool renewable = true;
  std::int64_t uses = 0;
  std::optional<std::chrono::seconds> max_ttl = {};

  /// Answers or errors in place of Vault's own, by the beginning of the path below /v1/.
  std::map<std::string, std::function<Result<http::Response>()>> instead = {};
  /// Called with each path before it is answered, on the asking thread.
  std::function<void(const std::string&)> before = {};

  static http::Response answer(int status, std::string_view body = {}) {
    http::Response response{.status = status};
    response.body.append(body);
    return response;
  }
  static http::Response denied() { return answer(403, R"({"errors":["permission denied"]})"); }
  static http::Response refused_by_policy() {
    return answer(403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})");
  }
  static Error unreachable() {
    return Error({.code = ErrorCode::Network, .reason = "http.connect", .message = "connection refused"});
  }

  /// A token that somebody else made.
  void give(const std::string& token, std::optional<std::chrono::seconds> ttl = {}, std::int64_t of_uses = 0) {
    const std::lock_guard lock(mutex_);
    tokens_[token] = {.ends = ttl ? clock_->steady() + *ttl : Clock::Steady::max(), .uses = of_uses, .period = ttl};
  }
  void revoke_all() {
    const std::lock_guard lock(mutex_);
    tokens_.clear();
  }

  /// How many requests there were to a path that begins so.
  std::size_t count(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(seen_.begin(), seen_.end(), [&](const Seen& each) { return each.path.starts_with(path); }));
  }
  struct Seen {
    std::string path;
    std::string body;
    std::map<std::string, std::string> headers;
    http::Purpose purpose;
  };
  Seen last(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    for (auto it = seen_.rbegin(); it != seen_.rend(); ++it) {
      if (it->path.starts_with(path)) return *it;
    }
    return {};
  }

 protected:
  std::vector<Result<http::Response>> do_send_many(std::span<const http::Request> requests, const Call&) override {
    std::vector<Result<http::Response>> responses;
    for (const http::Request& request : requests) responses.push_back(respond(request));
    return responses;
  }

 private:
  struct Known {
    Clock::Steady ends = {};
    Clock::Steady last_end = Clock::Steady::max();
    std::int64_t uses = 0;
    std::optional<std::chrono::seconds> period = {};
  };

  Result<http::Response> respond(const http::Request& request) {
    const std::string path = request.target.substr(4);
    if (before) before(path);
    const std::lock_guard lock(mutex_);
    Seen seen{.path = path, .body = std::string(request.body), .headers = {}, .purpose = http::purpose_of(request)};
    for (const auto& header : request.headers) {
      seen.headers[std::string(header.name)] = header.secret.empty() ? header.value : std::string(header.secret);
    }
    const auto token_header = seen.headers.find("X-Vault-Token");
    const std::string token = token_header == seen.headers.end() ? std::string() : token_header->second;
    seen_.push_back(std::move(seen));
    for (const auto& [beginning, make] : instead) {
      if (path.starts_with(beginning)) return make();
    }
    if (path.starts_with("auth/") && path.find("/login") != std::string::npos) return log_in();
    return with_token(path, token);
  }

  Result<http::Response> log_in() {
    const std::string token = fmt::format("s.{}", ++made_);
    const auto now = clock_->steady();
    tokens_[token] = {.ends = lease > 0 ? now + std::chrono::seconds(lease) : Clock::Steady::max(),
                      .last_end = max_ttl ? now + *max_ttl : Clock::Steady::max(),
                      .uses = uses,
                      .period = std::chrono::seconds(lease)};
    return answer(200,
                  fmt::format(R"({{"auth":{{"client_token":"{}","lease_duration":{},"renewable":{},"num_uses":{}}}}})",
                              token, lease_text.value_or(std::to_string(lease)), renewable, uses));
  }

  Result<http::Response> with_token(const std::string& path, const std::string& token) {
    const auto found = tokens_.find(token);
    if (found == tokens_.end() || found->second.ends <= clock_->steady()) return denied();
    const std::int64_t left = found->second.uses;
    if (left > 0) --found->second.uses;
    auto response = answer_to(path, found->second, left);
    if (left == 1) tokens_.erase(found);
    return response;
  }

  Result<http::Response> answer_to(const std::string& path, Known& known, std::int64_t left) {
    if (path == "auth/token/lookup-self") return look_up(left > 0 ? left - 1 : 0, known);
    if (path == "auth/token/renew-self") return renew(known);
    if (path.starts_with("secret/data/refused")) return refused_by_policy();
    return answer(200, R"({"data":{}})");
  }

  Result<http::Response> look_up(std::int64_t uses_left, const Known& known) {
    const bool ends = known.ends != Clock::Steady::max();
    const auto ttl = ends ? std::chrono::floor<std::chrono::seconds>(known.ends - clock_->steady()).count() : 0;
    return answer(200, fmt::format(R"({{"data":{{"ttl":{},"renewable":{},"num_uses":{},"expire_time":{}}}}})", ttl,
                                   ends, uses_left, ends ? R"("2030-01-01T00:00:00Z")" : "null"));
  }

  Result<http::Response> renew(Known& known) {
    if (!known.period) return answer(400, R"({"errors":["lease is not renewable"]})");
    const auto now = clock_->steady();
    known.ends = std::min(now + *known.period, known.last_end);
    const auto life = std::chrono::floor<std::chrono::seconds>(known.ends - now);
    return answer(
        200, fmt::format(R"({{"auth":{{"client_token":"x","lease_duration":{},"renewable":true}}}})", life.count()));
  }

  const std::shared_ptr<testing::ManualClock> clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Known> tokens_;
  std::vector<Seen> seen_;
  int made_ = 0;
};

}  // namespace locket::inline v1::vault
