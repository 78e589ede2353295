#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/vault.hpp>
#include <locket/testing/manual_clock.hpp>
#include <locket/testing/scripted_transport.hpp>

/// Has each answer to what may be sent twice be the second one: that to the first attempt was lost.
class LosingTransport final : public locket::http::Transport {
 public:
  explicit LosingTransport(std::shared_ptr<locket::http::Transport> inner) : inner_(std::move(inner)) {}

  bool loses = false;
  /// How many requests were sent together.
  std::size_t most_at_once = 0;

 private:
  std::vector<locket::Result<locket::http::Response>> do_send_many(std::span<const locket::http::Request> requests,
                                                                   const locket::Call& call) override {
    most_at_once = std::max(most_at_once, requests.size());
    auto responses = inner_->send_many(requests, call);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const bool repeated = locket::http::purpose_of(requests[i]) == locket::http::Purpose::IdempotentWrite;
      if (loses && repeated && responses[i]) responses[i]->earlier = locket::Effect::Unknown;
    }
    return responses;
  }

  const std::shared_ptr<locket::http::Transport> inner_;
};

/// A store whose server is a script.
class Script {
 public:
  using Options = locket::vault::Options;

  explicit Script(Options options = {.mount = "secret", .is_kv2 = true}) : options_(std::move(options)) {
    options_.address = "https://vault.test:8200";
    if (!options_.name_space) options_.name_space = "";
    options_.settings.clock = clock;
    options_.transport = losing;
    options_.login = locket::vault::GivenToken{.token = {.value = std::make_shared<locket::SecretValue>("s.token")}};
    // Asked once for the token's life; a root token has none.
    transport->expect({.target = "/v1/auth/token/lookup-self"},
                      {.body = R"({"data":{"ttl":0,"renewable":false,"num_uses":0}})"});
    auto opened = locket::vault::open(options_);
    REQUIRE(opened);
    store = *opened;
  }

  /// `target` is below /v1/.
  Script& get(const std::string& target, int status, const std::string& body) {
    transport->expect({.target = "/v1/" + target}, {.status = status, .body = body, .date = date});
    return *this;
  }
  Script& post(const std::string& target, const std::string& expected, int status, const std::string& body = {}) {
    return on(locket::http::Method::Post, target, expected, status, body);
  }
  Script& on(locket::http::Method method, const std::string& target, const std::string& expected, int status,
             const std::string& body = {}) {
    transport->expect({.method = method, .target = "/v1/" + target, .body = expected},
                      {.status = status, .body = body});
    return *this;
  }

  /// That the script was followed to its end, the token's life aside, which need not be asked for.
  void done() const {
    std::vector<std::string> problems;
    for (std::string& problem : transport->problems()) {
      if (problem.find("lookup-self") == std::string::npos) problems.push_back(std::move(problem));
    }
    CHECK(problems == std::vector<std::string>());
  }

  const Options& options() const noexcept { return options_; }

  std::shared_ptr<locket::testing::ManualClock> clock =
      std::make_shared<locket::testing::ManualClock>(locket::testing::ManualClock::Waits::Never);
  std::shared_ptr<locket::testing::ScriptedTransport> transport =
      std::make_shared<locket::testing::ScriptedTransport>();
  std::shared_ptr<LosingTransport> losing = std::make_shared<LosingTransport>(transport);
  std::shared_ptr<locket::SecretStore> store;
  /// What the server's clock says.
  std::optional<locket::Clock::Wall> date = {};

 private:
  Options options_;
};

inline const std::string nothing_there = R"({"errors":[]})";

/// The answer of data/….
inline std::string data_answer(const std::string& object, int version, const std::string& custom = "null") {
  return R"({"request_id":"1","data":{"data":)" + object + R"(,"metadata":{"version":)" + std::to_string(version) +
         R"(,"created_time":"2026-11-22T14:00:04Z","deletion_time":"","destroyed":false,"custom_metadata":)" + custom +
         "}}}";
}

/// The answer of metadata/… with these members of `versions`.
inline std::string record_answer(int current, const std::string& versions, const std::string& custom = "null") {
  return R"({"request_id":"1","data":{"created_time":"2026-11-22T14:00:04Z","updated_time":"2026-11-22T15:00:04Z",)"
         R"("current_version":)" +
         std::to_string(current) + R"(,"custom_metadata":)" + custom + R"(,"versions":{)" + versions + "}}}";
}

/// One of them.
inline std::string version(int number, const std::string& deletion_time = {}, bool destroyed = false) {
  return '"' + std::to_string(number) + R"(":{"created_time":"2026-11-22T14:00:04Z","deletion_time":")" +
         deletion_time + R"(","destroyed":)" + (destroyed ? "true" : "false") + "}";
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

template <class T>
void fails(const locket::Result<T>& result, locket::ErrorCode code, const std::string& reason,
           locket::Effect effect = locket::Effect::None) {
  REQUIRE_FALSE(result);
  INFO(result.error().to_string());
  CHECK(result.error().code() == code);
  CHECK(result.error().reason() == reason);
  CHECK(result.error().effect() == effect);
}
