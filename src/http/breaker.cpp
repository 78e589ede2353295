#include "http/breaker.hpp"

#include <algorithm>

namespace locket::inline v1::http {

Breaker::Ticket Breaker::admit(Clock::Steady now) noexcept {
  if (!open_until_) return Ticket::Regular;
  if (now < *open_until_ || trying_) return Ticket::Refused;
  trying_ = true;
  return Ticket::Trial;
}

Breaker::Change Breaker::ended(Ticket ticket, Outcome outcome, Clock::Steady now) noexcept {
  const bool trial = ticket == Ticket::Trial;
  if (trial) trying_ = false;
  if (outcome == Outcome::Unclear || policy_.failures == 0) return Change::None;
  if (outcome == Outcome::Answered) {
    failures_ = 0;
    if (!open_until_) return Change::None;
    open_until_.reset();
    return Change::Closed;
  }
  // A call that was under way when it opened fails late, and says nothing new.
  if (open_until_ && !trial) return Change::None;
  if (!trial && ++failures_ < policy_.failures) return Change::None;
  open_until_ = now + policy_.open_for;
  return trial ? Change::None : Change::Opened;
}

std::chrono::milliseconds Breaker::open_for(Clock::Steady now) const noexcept {
  constexpr std::chrono::milliseconds least(1);
  if (!open_until_) return least;
  return std::max(least, std::chrono::ceil<std::chrono::milliseconds>(*open_until_ - now));
}

}  // namespace locket::inline v1::http
