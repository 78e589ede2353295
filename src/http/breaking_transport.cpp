#include "http/breaking_transport.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/failure.hpp"

namespace locket::inline v1::http {
namespace {

// A caller that allows no more time than this learns nothing about the server.
constexpr std::chrono::seconds telling_time{1};

Error left_alone(std::string_view origin, std::chrono::milliseconds time) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "http.breaker_open",
                .message = fmt::format("{} failed too often, and is left alone for {} ms", origin, time.count()),
                .hint = "see why it failed before",
                .retry_after = time});
}

}  // namespace

/// One origin in one call.
struct BreakingTransport::Visit {
  std::string_view origin;
  Breaker* breaker = nullptr;  // a map's elements stay where they are
  Breaker::Ticket ticket = Breaker::Ticket::Refused;
  std::chrono::milliseconds open_for = {};
  bool ended = false;
};

/// All origins in one call. When that ends in an exception, nothing is known about them; but who tried has ended.
class BreakingTransport::Visits {
 public:
  explicit Visits(BreakingTransport& transport) noexcept : transport_(transport) {}
  ~Visits() {
    const Deadline now = transport_.setup_.clock->steady();
    const std::lock_guard lock(transport_.mutex_);
    for (const Visit& visit : all) {
      if (!visit.ended) visit.breaker->ended(visit.ticket, Breaker::Outcome::Unclear, now);
    }
  }
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;

  std::vector<Visit>::const_iterator find(std::string_view origin) const noexcept {
    return std::find_if(all.begin(), all.end(), [&](const Visit& visit) { return visit.origin == origin; });
  }

  std::vector<Visit> all;

 private:
  BreakingTransport& transport_;
};

BreakingTransport::BreakingTransport(Setup setup) : setup_(std::move(setup)) {}

std::vector<Result<Response>> BreakingTransport::do_send_many(std::span<const Request> requests, const Call& call) {
  const Deadline begun = setup_.clock->steady();
  Visits visits(*this);
  admit(requests, visits);
  auto answers = send(requests, visits, call);
  for (Visit& visit : visits.all) end(visit, requests, answers, begun);
  return answers;
}

void BreakingTransport::admit(std::span<const Request> requests, Visits& visits) {
  const Deadline now = setup_.clock->steady();
  const std::lock_guard lock(mutex_);
  for (const Request& request : requests) {
    if (visits.find(request.origin) != visits.all.end()) continue;
    Breaker& its = breaker(request.origin);
    Visit& visit = visits.all.emplace_back(Visit{.origin = request.origin, .breaker = &its});
    visit.ticket = its.admit(now);
    visit.open_for = its.open_for(now);
  }
}

std::vector<Result<Response>> BreakingTransport::send(std::span<const Request> requests, const Visits& visits,
                                                      const Call& call) {
  const auto refused = [](const Visit& visit) { return visit.ticket == Breaker::Ticket::Refused; };
  if (std::none_of(visits.all.begin(), visits.all.end(), refused)) return setup_.inner->send_many(requests, call);
  std::vector<Request> admitted;
  for (const Request& request : requests) {
    if (!refused(*visits.find(request.origin))) admitted.push_back(request);
  }
  auto some = setup_.inner->send_many(admitted, call);
  std::vector<Result<Response>> answers;
  answers.reserve(requests.size());
  auto next = some.begin();
  for (const Request& request : requests) {
    const Visit& visit = *visits.find(request.origin);
    if (refused(visit)) {
      answers.emplace_back(left_alone(visit.origin, visit.open_for));
    } else {
      answers.push_back(std::move(*next++));
    }
  }
  return answers;
}

// One answer shows that the origin is there, whatever became of the others.
void BreakingTransport::end(Visit& visit, std::span<const Request> requests,
                            const std::vector<Result<Response>>& answers, Deadline begun) {
  if (visit.ticket == Breaker::Ticket::Refused) return;
  auto outcome = Breaker::Outcome::Unclear;
  const Error* why = nullptr;
  for (std::size_t i = 0; i < requests.size() && outcome != Breaker::Outcome::Answered; ++i) {
    if (requests[i].origin != visit.origin) continue;
    const auto one = outcome_of(answers[i], begun);
    if (one == Breaker::Outcome::Unclear) continue;
    outcome = one;
    why = answers[i] ? nullptr : &answers[i].error();
  }
  auto change = Breaker::Change::None;
  {
    const std::lock_guard lock(mutex_);
    change = visit.breaker->ended(visit.ticket, outcome, setup_.clock->steady());
    visit.ended = true;
  }
  tell(change, why);
}

Breaker::Outcome BreakingTransport::outcome_of(const Result<Response>& answer, Deadline begun) const {
  if (answer) return Breaker::Outcome::Answered;
  switch (answer.error().code()) {
    case ErrorCode::Network: return Breaker::Outcome::Failed;
    case ErrorCode::MalformedResponse: return Breaker::Outcome::Answered;
    case ErrorCode::Timeout:
      if (answer.error().reason() == no_connection_free_reason) return Breaker::Outcome::Unclear;
      return setup_.clock->steady() - begun >= telling_time ? Breaker::Outcome::Failed : Breaker::Outcome::Unclear;
    default: return Breaker::Outcome::Unclear;
  }
}

Breaker& BreakingTransport::breaker(std::string_view origin) {
  const auto known = breakers_.find(origin);
  if (known != breakers_.end()) return known->second;
  return breakers_.emplace(origin, Breaker(setup_.policy)).first->second;
}

void BreakingTransport::tell(Breaker::Change change, const Error* why) const {
  if (change == Breaker::Change::None || !setup_.observer) return;
  const bool opened = change == Breaker::Change::Opened;
  setup_.observer->on_event({.kind = opened ? Event::Kind::BreakerOpened : Event::Kind::BreakerClosed,
                             .store = setup_.store,
                             .error = opened ? why : nullptr});
}

}  // namespace locket::inline v1::http
