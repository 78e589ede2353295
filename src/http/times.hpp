#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <locket/clock.hpp>

namespace locket::inline v1::http {

/// An HTTP date in any of its three forms (RFC 9110, 5.6.7); none when it is none.
std::optional<Clock::Wall> parse_date(std::string_view text);

/// Retry-After (RFC 9110, 10.2.3): seconds, or a date seen from `now`. Cut to an hour; none for what has passed, is
/// negative, or is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Clock::Wall now);

}  // namespace locket::inline v1::http
