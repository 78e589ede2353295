#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <locket/clock.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::http {

/// A circuit breaker: closed (calls pass), open (none does), half open (one call tries). Not thread-safe by itself.
class Breaker {
 public:
  enum class Ticket : std::uint8_t { Refused, Regular, Trial };
  enum class Outcome : std::uint8_t { Answered, Failed, Unclear };
  enum class Change : std::uint8_t { None, Opened, Closed };

  explicit Breaker(const BreakerPolicy& policy) noexcept : policy_(policy) {}

  /// Whether a call may be sent now; one that may must be `ended` with its ticket.
  Ticket admit(Clock::Steady now) noexcept;
  /// What became of it. Unclear says nothing about the origin: it was cancelled, or refused before it was sent.
  Change ended(Ticket ticket, Outcome outcome, Clock::Steady now) noexcept;
  /// How long it takes until a call may try; at least a millisecond.
  std::chrono::milliseconds open_for(Clock::Steady now) const noexcept;

 private:
  BreakerPolicy policy_;
  std::uint32_t failures_ = 0;
  std::optional<Clock::Steady> open_until_ = {};
  bool trying_ = false;
};

}  // namespace locket::inline v1::http
