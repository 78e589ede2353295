#include "when.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "failure.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

using std::chrono::seconds;

struct Unit {
  char letter;
  std::int64_t length;
};
constexpr std::array units{
    Unit{.letter = 'w', .length = 604'800}, Unit{.letter = 'd', .length = 86'400}, Unit{.letter = 'h', .length = 3'600},
    Unit{.letter = 'm', .length = 60},      Unit{.letter = 's', .length = 1},
};
constexpr std::int64_t longest = std::int64_t{36'525} * 86'400;
constexpr const char* forms = "write 2026-12-31, 2026-12-31T08:00:00Z, or a number and s, m, h, d or w: 90d";

Error not_a_time(std::string_view text) {
  return usage(fmt::format("'{}' is no time", printable(text)), forms);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a text from left to right; each step says whether what it expected was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (char c : rest_.substr(0, digits)) {
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  bool fraction() {
    if (!take('.')) return true;
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(digits);
    return digits > 0;
  }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> scan_day(Scanner& scanner) {
  const auto year = scanner.number(4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.number(2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto day = scanner.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  // What a 64-bit count of nanoseconds can hold.
  if (!date.ok() || *year < 1970 || *year > 2261) return std::nullopt;
  return std::chrono::sys_days(date);
}

// hh:mm, at most 23:59.
std::optional<seconds> scan_minutes(Scanner& scanner) {
  const auto hour = scanner.number(2);
  if (!hour || *hour > 23 || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

std::optional<seconds> scan_time(Scanner& scanner) {
  const auto minutes = scan_minutes(scanner);
  if (!minutes || !scanner.take(':')) return std::nullopt;
  const auto second = scanner.number(2);
  if (!second || *second > 59 || !scanner.fraction()) return std::nullopt;
  return *minutes + seconds(*second);
}

std::optional<seconds> scan_offset(Scanner& scanner) {
  if (scanner.take('Z') || scanner.take('z')) return seconds(0);
  const bool east = scanner.take('+');
  if (!east && !scanner.take('-')) return std::nullopt;
  const auto offset = scan_minutes(scanner);
  if (!offset) return std::nullopt;
  return east ? *offset : -*offset;
}

std::optional<Clock::Wall> scan_moment(std::string_view text) {
  Scanner scanner(text);
  const auto day = scan_day(scanner);
  if (!day) return std::nullopt;
  if (scanner.at_end()) return *day;
  if (!scanner.take('T') && !scanner.take('t')) return std::nullopt;
  const auto time = scan_time(scanner);
  if (!time) return std::nullopt;
  const auto offset = scan_offset(scanner);
  if (!offset || !scanner.at_end()) return std::nullopt;
  return *day + *time - *offset;
}

std::optional<seconds> scan_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 11) return std::nullopt;
  std::int64_t count = 0;
  for (char c : text.substr(0, text.size() - 1)) {
    if (!is_digit(c)) return std::nullopt;
    count = count * 10 + (c - '0');
  }
  for (const Unit& unit : units) {
    if (text.back() != unit.letter) continue;
    if (count < 1 || count > longest / unit.length) return std::nullopt;
    return seconds(count * unit.length);
  }
  return std::nullopt;
}

}  // namespace

Result<seconds> parse_duration(std::string_view text) {
  const auto duration = scan_duration(text);
  if (duration) return *duration;
  return usage(fmt::format("'{}' is no duration", printable(text)), "write a number and s, m, h, d or w: 90d");
}

Result<Clock::Wall> parse_when(std::string_view text, Clock::Wall now) {
  if (const auto moment = scan_moment(text)) return *moment;
  if (const auto duration = scan_duration(text)) return std::chrono::floor<seconds>(now) + *duration;
  return not_a_time(text);
}

std::string format_day(Clock::Wall time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_time(Clock::Wall time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const std::chrono::hh_mm_ss clock(whole - std::chrono::floor<std::chrono::days>(whole));
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_day(time), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string format_duration(seconds duration) {
  for (const Unit& unit : units) {
    // Weeks are read but not written: people think of 14d and 90d.
    if (unit.letter != 'w' && duration.count() % unit.length == 0) {
      return fmt::format("{}{}", duration.count() / unit.length, unit.letter);
    }
  }
  return {};
}

}  // namespace locket::cli
