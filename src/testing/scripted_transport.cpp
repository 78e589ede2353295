#include <locket/testing/scripted_transport.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "core/ascii.hpp"

namespace locket::inline v1::testing {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

SentRequest kept(const http::Request& request) {
  SentRequest sent{.method = request.method,
                   .origin = request.origin,
                   .target = request.target,
                   .body = std::string(request.body),
                   .purpose = http::purpose_of(request)};
  for (const http::Header& header : request.headers) {
    sent.headers.emplace_back(header.name, header.secret.empty() ? header.value : std::string(header.secret));
  }
  return sent;
}

bool fits(const ExpectedRequest& expected, const SentRequest& sent) {
  return expected.method == sent.method && expected.target == sent.target &&
         expected.origin.value_or(sent.origin) == sent.origin && expected.body.value_or(sent.body) == sent.body &&
         std::all_of(expected.headers.begin(), expected.headers.end(),
                     [&](const auto& header) { return sent.header(header.first) == header.second; });
}

http::Response canned(const CannedAnswer& answer) {
  http::Response response{.status = answer.status, .date = answer.date, .retry_after = answer.retry_after};
  for (const auto& [name, value] : answer.headers) response.headers.add(name, value);
  response.body.append(answer.body);
  return response;
}

}  // namespace

std::optional<std::string> SentRequest::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return same_but_for_case(one.first, name); });
  return found == headers.end() ? std::nullopt : std::optional(found->second);
}

ScriptedTransport::ScriptedTransport() = default;
ScriptedTransport::~ScriptedTransport() = default;

void ScriptedTransport::expect(const ExpectedRequest& request, const CannedAnswer& answer, std::size_t times) {
  const std::lock_guard lock(mutex_);
  expected_.insert(expected_.end(), times, {.request = request, .answer = answer});
}

void ScriptedTransport::otherwise(CannedAnswer answer) {
  const std::lock_guard lock(mutex_);
  otherwise_ = std::move(answer);
}

std::vector<SentRequest> ScriptedTransport::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

std::vector<std::string> ScriptedTransport::problems() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> problems = unexpected_;
  for (const Expectation& missing : expected_) {
    problems.push_back(fmt::format("nobody asked {} {}", to_string(missing.request.method), missing.request.target));
  }
  return problems;
}

std::vector<Result<http::Response>> ScriptedTransport::do_send_many(std::span<const http::Request> requests,
                                                                    const Call&) {
  std::vector<Result<http::Response>> answers;
  answers.reserve(requests.size());
  for (const http::Request& request : requests) answers.push_back(answer(request));
  return answers;
}

Result<http::Response> ScriptedTransport::answer(const http::Request& request) {
  const std::lock_guard lock(mutex_);
  const SentRequest& sent = sent_.emplace_back(kept(request));
  const auto expected =
      std::find_if(expected_.begin(), expected_.end(), [&](const Expectation& one) { return fits(one.request, sent); });
  std::optional<CannedAnswer> answer = otherwise_;
  if (expected != expected_.end()) {
    answer = std::move(expected->answer);
    expected_.erase(expected);
  }
  if (answer) return answer->error ? Result<http::Response>(*answer->error) : canned(*answer);
  unexpected_.push_back(fmt::format("nobody expected {} {}", to_string(sent.method), sent.target));
  return Error({.code = ErrorCode::Internal, .reason = "testing.unexpected", .message = unexpected_.back()});
}

}  // namespace locket::inline v1::testing
