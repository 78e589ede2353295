#include "http/times.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

#include <curl/curl.h>

namespace locket::inline v1::http {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_date = 40;
constexpr std::time_t latest = 7'258'118'400;  // 2200-01-01: in nanoseconds there is room until 2262
constexpr milliseconds longest_wait = std::chrono::hours(1);

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "Sun, 06 Nov 1994 08:49:37 GMT", as all write it today: with each answer comes one, and libcurl takes its time.
std::optional<std::time_t> parse_fixed(std::string_view text) {
  constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
  constexpr std::string_view shape = "AAA, 00 AAA 0000 00:00:00 GMT";
  const auto fits = [](char c, char wanted) {
    if (wanted == '0') return c >= '0' && c <= '9';
    return wanted == 'A' || c == wanted;
  };
  if (text.size() != shape.size() || !std::equal(text.begin(), text.end(), shape.begin(), fits)) return std::nullopt;
  const std::size_t month = months.find(text.substr(8, 4));
  if (month % 4 != 0) return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t size) {
    int value = 0;
    (void)std::from_chars(text.data() + begin, text.data() + begin + size, value);
    return value;
  };
  const std::chrono::year_month_day day(std::chrono::year(number(12, 4)),
                                        std::chrono::month(static_cast<unsigned>(month / 4 + 1)),
                                        std::chrono::day(static_cast<unsigned>(number(5, 2))));
  if (!day.ok()) return std::nullopt;
  const std::chrono::sys_seconds time = std::chrono::sys_days(day) + std::chrono::hours(number(17, 2)) +
                                        std::chrono::minutes(number(20, 2)) + std::chrono::seconds(number(23, 2));
  return time.time_since_epoch().count();
}

}  // namespace

std::optional<Clock::Wall> parse_date(std::string_view text) {
  auto seconds = parse_fixed(text);
  // libcurl's parser takes much for a date that is none, bare numbers among it.
  if (!seconds && text.size() <= longest_date && text.find(':') != std::string_view::npos) {
    seconds = ::curl_getdate(std::string(text).c_str(), nullptr);
  }
  // What was before 1970 no server's clock says: it may be so long ago that nanoseconds cannot tell it.
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::chrono::system_clock::from_time_t(std::min(*seconds, latest));
}

std::optional<milliseconds> parse_retry_after(std::string_view text, Clock::Wall now) {
  if (is_digits(text)) {
    if (text.size() > 5) return longest_wait;
    return std::min<milliseconds>(std::chrono::seconds(std::stol(std::string(text))), longest_wait);
  }
  const auto date = parse_date(text);
  if (!date || *date <= now) return std::nullopt;
  // Compared before it is subtracted: what is asked for may be centuries ahead.
  if (*date > now + longest_wait) return longest_wait;
  return std::chrono::ceil<milliseconds>(*date - now);
}

}  // namespace locket::inline v1::http
