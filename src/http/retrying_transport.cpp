#include "http/retrying_transport.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "http/backoff.hpp"
#include "http/failure.hpp"

namespace locket::inline v1::http {
namespace {

using std::chrono::milliseconds;

Error answered_with(const Request& request, const Response& response) {
  return Error({.code = response.status == 429 ? ErrorCode::Throttled : ErrorCode::Unavailable,
                .reason = "http.status",
                .message = fmt::format("{} answered with status {}", request.origin, response.status),
                .retry_after = response.retry_after,
                .http_status = response.status});
}

// Whether a second one does no harm. An answer says that the first arrived.
bool may_repeat(const Request& request, const Result<Response>& answer) {
  if (purpose_of(request) != Purpose::Write) return true;
  return !answer && answer.error().effect() == Effect::None;
}

// What an attempt may have done that does not count as the call's answer. Of a 5xx, nobody knows who said it, and when.
Effect effect_of(const Request& request, const Result<Response>& answer) {
  if (!answer) return answer.error().effect();
  const bool unclear = answer->status >= 500 && purpose_of(request) != Purpose::Read;
  return unclear ? Effect::Unknown : answer->earlier;
}

}  // namespace

/// What one call is about.
struct RetryingTransport::Batch {
  std::span<const Request> requests;
  Call call;
  Deadline begun;
  milliseconds longest;
  Deadline until = {};  // waited for before the next attempt
  std::vector<Result<Response>> answers = {};

  /// When a request must have its answer, in all its attempts.
  Deadline end_of(std::size_t i) const {
    const auto& timeout = requests[i].timeout;
    return timeout ? std::min(*call.deadline, begun + std::clamp(*timeout, milliseconds(0), longest)) : *call.deadline;
  }
};

RetryingTransport::RetryingTransport(Setup setup) : setup_(std::move(setup)), reserve_(setup_.policy.reserve) {}

std::vector<Result<Response>> RetryingTransport::do_send_many(std::span<const Request> requests, const Call& call) {
  const Deadline now = setup_.clock->steady();
  Batch batch{.requests = requests, .call = call, .begun = now, .longest = setup_.total_timeout};
  batch.call.deadline = std::min(now + setup_.total_timeout, call.deadline.value_or(Deadline::max()));
  batch.answers = setup_.inner->send_many(requests, batch.call);
  for (std::uint32_t repetition = 1; repetition < setup_.policy.attempts; ++repetition) {
    const auto again = choose(batch, repetition);
    if (again.empty()) break;
    for (const std::size_t i : again) tell(requests[i], batch.answers[i]);
    if (!setup_.clock->wait_until(batch.until, call.stop)) {
      stop(batch, again);
      break;
    }
    repeat(batch, again);
  }
  return std::move(batch.answers);
}

// Those that are sent again, together after the longest of their waits; none when the time does not suffice.
std::vector<std::size_t> RetryingTransport::choose(Batch& batch, std::uint32_t repetition) {
  std::vector<std::size_t> again;
  const Deadline now = setup_.clock->steady();
  batch.until = now;
  for (std::size_t i = 0; i < batch.answers.size(); ++i) {
    const auto& answer = batch.answers[i];
    if (!is_worth_it(batch.requests[i], answer)) {
      if (repetition == 1 && answer) reserve_.answered();
      continue;
    }
    const Deadline then = now + wait_for(answer, repetition);
    if (!may_repeat(batch.requests[i], answer) || then >= batch.end_of(i)) continue;
    again.push_back(i);
    batch.until = std::max(batch.until, then);
  }
  std::erase_if(again, [&](std::size_t i) { return batch.until >= batch.end_of(i) || !reserve_.take(); });
  return again;
}

void RetryingTransport::repeat(Batch& batch, const std::vector<std::size_t>& again) {
  const Deadline now = setup_.clock->steady();
  std::vector<Request> requests;
  requests.reserve(again.size());
  for (const std::size_t i : again) {
    Request& request = requests.emplace_back(batch.requests[i]);
    if (request.timeout) request.timeout = std::chrono::floor<milliseconds>(batch.end_of(i) - now);
  }
  auto answers = setup_.inner->send_many(requests, batch.call);
  for (std::size_t i = 0; i < again.size(); ++i) {
    Result<Response>& last = batch.answers[again[i]];
    const Effect before = effect_of(requests[i], last);
    last = std::move(answers[i]);
    if (before != Effect::Unknown) continue;
    // What an earlier attempt may have done, this one does not undo.
    (last ? last->earlier : last.error().details().effect) = Effect::Unknown;
  }
}

void RetryingTransport::stop(Batch& batch, const std::vector<std::size_t>& again) {
  for (const std::size_t i : again) {
    Result<Response>& last = batch.answers[i];
    const bool unknown = effect_of(batch.requests[i], last) == Effect::Unknown;
    last = cancelled({.origin = batch.requests[i].origin, .purpose = purpose_of(batch.requests[i])}, unknown);
  }
}

// Whether it failed for a reason that may pass. An open breaker does not pass in time, and a cancelled call is over.
bool RetryingTransport::is_worth_it(const Request& request, const Result<Response>& answer) const {
  if (!request.retry) return false;
  if (!answer) return answer.error().retryable() && answer.error().reason() != "http.breaker_open";
  const auto& statuses = setup_.policy.statuses;
  return std::find(statuses.begin(), statuses.end(), answer->status) != statuses.end();
}

milliseconds RetryingTransport::wait_for(const Result<Response>& answer, std::uint32_t repetition) const {
  const milliseconds jitter = backoff(setup_.policy, repetition, *setup_.random);
  const auto asked = answer ? answer->retry_after : answer.error().retry_after();
  return jitter + std::clamp(asked.value_or(milliseconds(0)), milliseconds(0), setup_.policy.longest_asked);
}

void RetryingTransport::tell(const Request& request, const Result<Response>& answer) const {
  if (!setup_.observer) return;
  const Error why = answer ? answered_with(request, *answer) : answer.error();
  setup_.observer->on_event({.kind = Event::Kind::Retry, .store = setup_.store, .error = &why});
}

}  // namespace locket::inline v1::http
