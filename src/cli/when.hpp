#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <locket/clock.hpp>
#include <locket/result.hpp>

namespace locket::cli {

/// "90d": a whole number, at least 1, and one of s, m, h, d (24 hours), w. At most 100 years. InvalidArgument.
Result<std::chrono::seconds> parse_duration(std::string_view text);

/// A moment: a day ("2026-12-31": its first moment in UTC), RFC 3339 ("2026-12-31T08:00:00+01:00", "…Z"; a fraction of
/// a second is read and dropped), or a duration from `now` on ("90d"). InvalidArgument.
Result<Clock::Wall> parse_when(std::string_view text, Clock::Wall now);

/// "2026-12-31T07:00:00Z".
std::string format_time(Clock::Wall time);
/// "2026-12-31", in UTC.
std::string format_day(Clock::Wall time);
/// "90d", in the largest unit of which it is a whole number.
std::string format_duration(std::chrono::seconds duration);

}  // namespace locket::cli
