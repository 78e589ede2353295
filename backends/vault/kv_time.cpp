#include "kv_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace locket::inline v1::vault {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// Reads a text from left to right; each step says whether what it expected was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<int> number(std::size_t digits) {
    const std::string_view text = rest_.substr(0, digits);
    if (text.size() != digits || !all_digits(text)) return std::nullopt;
    rest_.remove_prefix(digits);
    int value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return value;
  }
  // ".125" as nanoseconds; nothing is no fraction. More decimals than nine are read and dropped.
  std::optional<nanoseconds> fraction() {
    if (!take('.')) return nanoseconds(0);
    const std::string_view text = rest_.substr(0, std::min(rest_.find_first_not_of("0123456789"), rest_.size()));
    if (text.empty()) return std::nullopt;
    rest_.remove_prefix(text.size());
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 9; ++i) value = value * 10 + (i < text.size() ? text[i] - '0' : 0);
    return nanoseconds(value);
  }

 private:
  static bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }

  std::string_view rest_;
};

std::optional<seconds> scan_day(Scanner& scanner) {
  const auto year = scanner.number(4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.number(2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto day = scanner.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch();
}

// hh:mm, at most 23:59.
std::optional<seconds> scan_minutes(Scanner& scanner) {
  const auto hour = scanner.number(2);
  if (!hour || *hour > 23 || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

std::optional<seconds> scan_offset(Scanner& scanner) {
  if (scanner.take('Z') || scanner.take('z')) return seconds(0);
  const bool east = scanner.take('+');
  if (!east && !scanner.take('-')) return std::nullopt;
  const auto offset = scan_minutes(scanner);
  if (!offset) return std::nullopt;
  return east ? *offset : -*offset;
}

Clock::Wall moment_at(seconds since_epoch, nanoseconds fraction) {
  const auto latest = std::chrono::floor<seconds>(Clock::Wall::max()).time_since_epoch();
  const auto earliest = std::chrono::ceil<seconds>(Clock::Wall::min()).time_since_epoch();
  if (since_epoch >= latest) return Clock::Wall::max();
  if (since_epoch < earliest) return Clock::Wall::min();
  return Clock::Wall(since_epoch) + std::chrono::duration_cast<Clock::Wall::duration>(fraction);
}

}  // namespace

std::optional<Clock::Wall> parse_moment(std::string_view text) {
  Scanner scanner(text);
  const auto day = scan_day(scanner);
  if (!day) return std::nullopt;
  if (scanner.at_end()) return moment_at(*day, nanoseconds(0));
  if (!scanner.take('T') && !scanner.take('t')) return std::nullopt;
  const auto minutes = scan_minutes(scanner);
  if (!minutes || !scanner.take(':')) return std::nullopt;
  const auto second = scanner.number(2);
  if (!second || *second > 59) return std::nullopt;
  const auto fraction = scanner.fraction();
  if (!fraction) return std::nullopt;
  const auto offset = scan_offset(scanner);
  if (!offset || !scanner.at_end()) return std::nullopt;
  return moment_at(*day + *minutes + seconds(*second) - *offset, *fraction);
}

std::string format_moment(Clock::Wall moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(moment) - day);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 time.hours().count(), time.minutes().count(), time.seconds().count());
  const nanoseconds fraction = moment - std::chrono::floor<seconds>(moment);
  if (fraction.count() == 0) return text + 'Z';
  text += fmt::format(".{:09}", fraction.count());
  return text.substr(0, text.find_last_not_of('0') + 1) + 'Z';
}

std::optional<seconds> parse_period(std::string_view text) {
  constexpr std::array units{std::pair{'s', 1}, std::pair{'m', 60}, std::pair{'h', 3'600}, std::pair{'d', 86'400}};
  std::int64_t length = 1;
  for (const auto& [letter, unit] : units) {
    if (!text.ends_with(letter)) continue;
    text.remove_suffix(1);
    length = unit;
    break;
  }
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || count <= 0 || count > std::numeric_limits<std::int64_t>::max() / length) return std::nullopt;
  return seconds(count * length);
}

std::string format_period(seconds period) {
  return fmt::format("{}s", period.count());
}

}  // namespace locket::inline v1::vault
