#include "http/times.hpp"

#include <algorithm>
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

}  // namespace

std::optional<Clock::Wall> parse_date(std::string_view text) {
  // libcurl's parser takes much for a date that is none, bare numbers among it.
  if (text.size() > longest_date || text.find(':') == std::string_view::npos) return std::nullopt;
  const std::time_t seconds = ::curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return std::chrono::system_clock::from_time_t(std::min(seconds, latest));
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
