#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <locket/clock.hpp>

#include "http/json.hpp"

/// How long a token lives, and what is to be done about it when.
namespace locket::inline v1::vault {

/// The longest that is counted with: more is this.
constexpr std::chrono::seconds longest_life = std::chrono::hours(24 * 365 * 10);

/// What Vault says about a token's time: `lease_duration` of a login or renewal, `ttl` of a lookup. Less than nothing
/// is nothing, and more than ten years are ten years, so that it can be added to a time. None when it is no whole
/// number at all.
std::optional<std::chrono::seconds> lifetime_of(const http::Json::Value& value);

/// The same rule for a number of the application's.
std::chrono::seconds clamped(std::chrono::seconds lifetime);

/// What is to be done next to go on having a token.
enum class Step : std::uint8_t {
  None,
  LookUp,  ///< Ask Vault how long it lives: it was given, and nobody said.
  Renew,
  LogIn,
};

struct TokenLife {
  static constexpr auto never = Clock::Steady::max();

  Step step = Step::None;
  /// When `step` is due.
  Clock::Steady next = never;
  /// Until when it is used; then nothing goes without a new one.
  Clock::Steady ends = never;
  /// How long Vault let it live at first. A renewal that gives less is the last: the token comes to its max TTL.
  std::chrono::seconds granted = {};
};

/// Two thirds of a life, and a third of 10 to 20 percent of it: as Vault's own clients wait before they renew, so that
/// a fleet that started together does not renew together. `jitter` is 0 to 1.
std::chrono::nanoseconds before_renewal(std::chrono::nanoseconds life, double jitter);

/// The life of a token that was logged in for at `since`. Without `lifetime`, or with none left, it does not end.
TokenLife life_of_login(std::optional<std::chrono::seconds> lifetime, bool renewable, Clock::Steady since,
                        double jitter);

/// The life of `renewed` after a renewal that was asked for at `since`.
TokenLife life_of_renewal(const TokenLife& renewed, std::chrono::seconds lifetime, bool renewable, Clock::Steady since,
                          double jitter);

/// When to try again what failed at `now`, of a token that ends at `ends`: a few times until then, at most twice a
/// minute.
Clock::Steady retry_after_failure(Clock::Steady now, Clock::Steady ends);

}  // namespace locket::inline v1::vault
