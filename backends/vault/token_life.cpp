#include "token_life.hpp"

#include <algorithm>

namespace locket::inline v1::vault {
namespace {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;
using std::chrono::seconds;

bool is_whole(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<seconds> lifetime_of(const http::Json::Value& value) {
  if (!value.is(http::Json::Kind::Number)) return std::nullopt;
  if (const auto number = value.integer()) return clamped(seconds(*number));
  // More digits than a number of ours has.
  if (is_whole(value.text())) return longest_life;
  if (value.text().starts_with('-') && is_whole(value.text().substr(1))) return seconds::zero();
  return std::nullopt;
}

seconds clamped(seconds lifetime) {
  return std::clamp(lifetime, seconds::zero(), longest_life);
}

nanoseconds before_renewal(nanoseconds life, double jitter) {
  const auto whole = static_cast<double>(life.count());
  const double part = 2.0 / 3.0 + (0.1 + 0.1 * std::clamp(jitter, 0.0, 1.0)) / 3.0;
  return nanoseconds(static_cast<nanoseconds::rep>(whole * part));
}

TokenLife life_of_login(std::optional<seconds> lifetime, bool renewable, Clock::Steady since, double jitter) {
  if (!lifetime || *lifetime == seconds::zero()) return {};
  return {.step = renewable ? Step::Renew : Step::LogIn,
          .next = since + before_renewal(*lifetime, jitter),
          .ends = since + *lifetime,
          .granted = *lifetime};
}

// What remains is told in whole seconds, rounded down: nothing, here, is less than a second, and not "for ever".
TokenLife life_of_renewal(const TokenLife& renewed, seconds lifetime, bool renewable, Clock::Steady since,
                          double jitter) {
  const bool last = !renewable || lifetime < renewed.granted;
  return {.step = last ? Step::LogIn : Step::Renew,
          .next = since + before_renewal(lifetime, jitter),
          .ends = since + lifetime,
          .granted = std::max(renewed.granted, lifetime)};
}

Clock::Steady retry_after_failure(Clock::Steady now, Clock::Steady ends) {
  constexpr nanoseconds soonest = std::chrono::milliseconds(100);
  constexpr nanoseconds latest = seconds(30);
  if (ends == TokenLife::never) return now + latest;
  return now + std::clamp<nanoseconds>((ends - now) / 4, soonest, latest);
}

}  // namespace locket::inline v1::vault
