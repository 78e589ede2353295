#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <locket/clock.hpp>

/// Times as they stand in Vault's answers and in custom_metadata.
namespace locket::inline v1::vault {

/// RFC 3339 with up to nine decimals of a second, as Vault writes it, or a day alone ("2026-12-31": its first moment in
/// UTC), as people do. What a Clock::Wall cannot hold becomes its nearest end. None: it is neither.
std::optional<Clock::Wall> parse_moment(std::string_view text);

/// "2026-12-31T08:00:00Z", with as many decimals as there are.
std::string format_moment(Clock::Wall moment);

/// "7776000s": whole seconds, minutes, hours or days ("90d"); seconds where there is no letter. More than 0. None: it
/// is no such text.
std::optional<std::chrono::seconds> parse_period(std::string_view text);

/// In seconds: "7776000s".
std::string format_period(std::chrono::seconds period);

}  // namespace locket::inline v1::vault
