#include "resolver/config_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

namespace locket::inline v1::resolver {
namespace {

constexpr int no_digit = 99;

int digit_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return no_digit;
}

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, {}, lower);
}

bool take_sign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

unsigned take_base(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 3> prefixes{{{"0x", 16U}, {"0o", 8U}, {"0b", 2U}}};
  for (const auto& [prefix, base] : prefixes) {
    if (!text.starts_with(prefix)) continue;
    text.remove_prefix(prefix.size());
    return base;
  }
  return 10;
}

// Digits with single underscores between them, where the document's format has such.
Read<std::uint64_t> read_digits(std::string_view text, unsigned base, bool underscores) {
  constexpr auto max = std::numeric_limits<std::uint64_t>::max();
  if (text.empty() || text.starts_with('_') || text.ends_with('_')) return {.misread = Misread::Type};
  Read<std::uint64_t> read;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (underscores && text[i] == '_' && text[i - 1] != '_') continue;
    const auto digit = static_cast<std::uint64_t>(digit_of(text[i]));
    if (digit >= base) return {.misread = Misread::Type};
    if (read.value > (max - digit) / base) read.misread = Misread::Range;
    read.value = read.value * base + digit;
  }
  return read;
}

// The format has found a number already; std::from_chars knows no underscores and another infinity.
double finite_or_not(std::string_view text, Misread& misread) {
  std::string digits(text);
  std::erase(digits, '_');
  if (digits.starts_with('+')) digits.erase(0, 1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) misread = Misread::Range;
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) misread = Misread::Type;
  return value;
}

Read<double> read_written_number(std::string_view text) {
  std::string_view magnitude = text;
  const bool negative = take_sign(magnitude);
  if (magnitude.starts_with('.') && magnitude.size() == 4) magnitude.remove_prefix(1);
  if (equals_ignoring_case(magnitude, "nan")) return {.value = std::numeric_limits<double>::quiet_NaN()};
  if (equals_ignoring_case(magnitude, "inf")) {
    const double infinity = std::numeric_limits<double>::infinity();
    return {.value = negative ? -infinity : infinity};
  }
  Read<double> read;
  read.value = finite_or_not(text, read.misread);
  return read;
}

// Decimal, in full, finite.
Read<double> read_untyped_number(std::string_view text) {
  Read<double> read;
  const bool decimal = !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read.value);
  if (error == std::errc::result_out_of_range) read.misread = Misread::Range;
  if (!decimal || error == std::errc::invalid_argument || end != text.data() + text.size())
    read.misread = Misread::Type;
  return read;
}

std::int64_t nanoseconds_in(std::string_view unit) {
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> units{{{"ns", 1},
                                                                            {"us", 1'000},
                                                                            {"ms", 1'000'000},
                                                                            {"s", second},
                                                                            {"m", 60 * second},
                                                                            {"h", 3'600 * second},
                                                                            {"d", 86'400 * second}}};
  for (const auto& [name, nanoseconds] : units) {
    if (unit == name) return nanoseconds;
  }
  return 0;
}

bool is_text(const ConfigEntry& entry) {
  return entry.kind == EntryKind::Text || entry.kind == EntryKind::Untyped;
}

}  // namespace

Read<Integer> read_integer(const ConfigEntry& entry) {
  const bool written = entry.kind == EntryKind::Integer;
  if (!written && entry.kind != EntryKind::Untyped) return {.misread = Misread::Type};
  std::string_view text = entry.text();
  const bool negative = take_sign(text);
  const bool leading_zero = text.size() > 1 && text.front() == '0' && digit_of(text[1]) < 10;
  if (leading_zero) return {.misread = Misread::LeadingZero};
  const unsigned base = written ? take_base(text) : 10;
  const Read<std::uint64_t> digits = read_digits(text, base, written);
  return {.value = {.negative = negative && digits.value != 0, .magnitude = digits.value}, .misread = digits.misread};
}

Read<double> read_number(const ConfigEntry& entry) {
  if (entry.kind == EntryKind::Untyped) return read_untyped_number(entry.text());
  if (entry.kind == EntryKind::Float) return read_written_number(entry.text());
  const Read<Integer> whole = read_integer(entry);
  if (whole.misread == Misread::Range) return read_written_number(entry.text());
  const auto magnitude = static_cast<double>(whole.value.magnitude);
  return {.value = whole.value.negative ? -magnitude : magnitude, .misread = whole.misread};
}

Read<bool> read_boolean(const ConfigEntry& entry) {
  const std::string_view text = entry.text();
  // YAML writes True and TRUE too.
  const bool written = entry.kind == EntryKind::Boolean;
  const auto is = [&](std::string_view word) { return written ? equals_ignoring_case(text, word) : text == word; };
  const bool is_one = (written || entry.kind == EntryKind::Untyped) && (is("true") || is("false"));
  return {.value = is_one && is("true"), .misread = is_one ? Misread::None : Misread::Type};
}

Read<std::int64_t> read_duration(const ConfigEntry& entry, std::int64_t unit) {
  const std::string_view text = entry.text();
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::int64_t nanoseconds = nanoseconds_in(text.substr(digits));
  if (!is_text(entry) || nanoseconds == 0) return {.misread = Misread::Type};
  const Read<std::uint64_t> count = read_digits(text.substr(0, digits), 10, false);
  if (count.misread != Misread::None) return {.misread = count.misread};
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (count.value > max / static_cast<std::uint64_t>(nanoseconds)) return {.misread = Misread::Range};
  const std::int64_t all = static_cast<std::int64_t>(count.value) * nanoseconds;
  return {.value = all / unit, .misread = all % unit == 0 ? Misread::None : Misread::NotWhole};
}

}  // namespace locket::inline v1::resolver
