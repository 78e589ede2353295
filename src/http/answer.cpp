#include "http/answer.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "http/times.hpp"

namespace locket::inline v1::http {
namespace {

constexpr std::size_t max_head = std::size_t{64} << 10U;

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "HTTP/1.1 200 OK" and "HTTP/2 200"; 0 when it is no status.
int status_of(std::string_view line) noexcept {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return 0;
  const std::string_view digits = trimmed(line.substr(blank)).substr(0, 3);
  int status = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  const bool whole = error == std::errc() && end == digits.data() + digits.size() && digits.size() == 3;
  return whole && status >= 100 ? status : 0;
}

}  // namespace

bool Answer::refuse(Refusal why) noexcept {
  refusal_ = why;
  return false;
}

bool Answer::head(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > max_head) return refuse(Refusal::HeadTooLarge);
  if (head_done_) return true;  // a trailer: nothing that we read may stand there
  if (line.starts_with("HTTP/")) return begin(line);
  if (trimmed(line).empty()) return end_head();
  return field(line);
}

bool Answer::begin(std::string_view line) {
  response_.headers = {};
  response_.status = status_of(line);
  return response_.status != 0 || refuse(Refusal::Malformed);
}

bool Answer::field(std::string_view line) {
  const std::size_t colon = line.find(':');
  // A line that begins with a blank continues the one before it: nobody writes that any more, but who attacks.
  if (colon == 0 || colon == std::string_view::npos || line.front() == ' ' || line.front() == '\t') {
    return refuse(Refusal::Malformed);
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name.find_first_of(" \t\n") != std::string_view::npos || value.find('\n') != std::string_view::npos) {
    return refuse(Refusal::Malformed);
  }
  response_.headers.add(name, value);
  return true;
}

bool Answer::end_head() {
  if (response_.status < 200) return true;  // informational: another head follows
  head_done_ = true;
  const auto encoding = response_.headers.find("content-encoding");
  if (encoding && !encoding->empty() && *encoding != "identity") return refuse(Refusal::Encoded);
  const auto lengths = response_.headers.all("content-length");
  if (lengths.empty()) return true;
  // Two that differ are how one answer is made to look like another.
  if (std::any_of(lengths.begin(), lengths.end(), [&](auto one) { return one != lengths.front(); })) {
    return refuse(Refusal::Malformed);
  }
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(lengths[0].data(), lengths[0].data() + lengths[0].size(), size);
  if (error == std::errc() && size <= max_body_) response_.body.reserve(size);
  return true;
}

bool Answer::body(std::string_view piece) {
  if (!head_done_) return refuse(Refusal::Malformed);
  if (piece.size() > max_body_ - response_.body.size()) return refuse(Refusal::BodyTooLarge);
  response_.body.append(piece);
  return true;
}

Response Answer::take(Clock::Wall now) && {
  if (const auto date = response_.headers.find("date")) response_.date = parse_date(*date);
  if (const auto asked = response_.headers.find("retry-after")) response_.retry_after = parse_retry_after(*asked, now);
  return std::move(response_);
}

Error refusal_error(Answer::Refusal why, std::string_view origin) {
  const char* reason = "http.protocol";
  const char* message = "the head of the answer is malformed";
  if (why == Answer::Refusal::HeadTooLarge) {
    reason = "http.head_too_large";
    message = "the head of the answer is larger than 64 KiB";
  } else if (why == Answer::Refusal::BodyTooLarge) {
    reason = "http.too_large";
    message = "the answer is larger than is accepted";
  } else if (why == Answer::Refusal::Encoded) {
    reason = "http.encoded";
    message = "the answer is compressed, which was not asked for";
  }
  return Error({.code = ErrorCode::MalformedResponse,
                .reason = reason,
                .message = fmt::format("{}: {}", origin, message),
                .hint = "check that the address is the service's own, and what is between"});
}

}  // namespace locket::inline v1::http
