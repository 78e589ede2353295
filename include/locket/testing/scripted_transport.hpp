#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <locket/error.hpp>
#include <locket/export.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::testing {

/// A request that a test expects. What is not said may be anything.
struct ExpectedRequest {
  http::Method method = http::Method::Get;
  std::string target = {};
  std::optional<std::string> origin = {};
  /// Among the request's headers, with exactly these values; credentials, too.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<std::string> body = {};
};

/// What it is answered with.
struct CannedAnswer {
  int status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<Clock::Wall> date = {};
  std::optional<std::chrono::milliseconds> retry_after = {};
  /// Instead of an answer.
  std::optional<Error> error = {};
};

/// What a request said, kept. In plain memory: do not send real secrets through a test.
struct SentRequest {
  http::Method method = http::Method::Get;
  std::string origin = {};
  std::string target = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  http::Purpose purpose = http::Purpose::Read;

  /// The value of the first header of that name, upper and lower case being the same; none when there is none.
  std::optional<std::string> header(std::string_view name) const;
};

/// A transport that sends nothing, and answers as a script says, to test backends without a network:
///
///     auto transport = std::make_shared<locket::testing::ScriptedTransport>();
///     transport->expect({.target = "/v1/secret/data/db"}, {.body = R"({"data":{"data":{"value":"hunter2"}}})"});
///     …                                          // what is tested sends its requests
///     CHECK(transport->problems().empty());      // and sent what was expected, no more and no less
///
/// A request takes the first expectation left that it fits, so that the order of what is sent at once does not matter;
/// `sent()` tells the order that it was. A request that nobody expects is answered with Internal (reason
/// "testing.unexpected"), and is a problem. It repeats nothing, and looks neither at deadlines nor stop tokens.
/// Thread safety: all methods may be called from any thread at once.
class LOCKET_EXPORT ScriptedTransport final : public http::Transport {
 public:
  ScriptedTransport();
  ~ScriptedTransport() override;

  /// Expects such a request `times` times.
  void expect(const ExpectedRequest& request, const CannedAnswer& answer, std::size_t times = 1);
  /// Answers every request that takes no expectation, instead of it being a problem.
  void otherwise(CannedAnswer answer);

  /// What was sent so far, the oldest first.
  std::vector<SentRequest> sent() const;
  /// What went wrong, a line each: requests that nobody expected, and expectations that no request has met.
  std::vector<std::string> problems() const;

 protected:
  std::vector<Result<http::Response>> do_send_many(std::span<const http::Request> requests, const Call& call) override;

 private:
  struct Expectation {
    ExpectedRequest request;
    CannedAnswer answer;
  };

  Result<http::Response> answer(const http::Request& request);

  mutable std::mutex mutex_;
  std::vector<Expectation> expected_;
  std::optional<CannedAnswer> otherwise_;
  std::vector<SentRequest> sent_;
  std::vector<std::string> unexpected_;
};

}  // namespace locket::inline v1::testing
