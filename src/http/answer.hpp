#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <locket/result.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::http {

/// An answer while it arrives: takes what comes line by line and piece by piece, and refuses what is too much. Knows
/// nothing of libcurl.
class Answer {
 public:
  enum class Refusal : std::uint8_t { None, HeadTooLarge, BodyTooLarge, Encoded, Malformed };

  explicit Answer(std::size_t max_body) noexcept : max_body_(max_body) {}

  /// One line of the head, or of what follows the body (which is left out), with its line break. False: refused.
  bool head(std::string_view line);
  /// A piece of the body. False: refused.
  bool body(std::string_view piece);

  /// Whether the head came to its end: without that, an answer may look whole and be none.
  bool head_done() const noexcept { return head_done_; }
  Refusal refusal() const noexcept { return refusal_; }
  /// The answer; what its head says about time is read against `now`.
  Response take(Clock::Wall now) &&;

 private:
  bool refuse(Refusal why) noexcept;
  bool begin(std::string_view line);
  bool field(std::string_view line);
  bool end_head();

  Response response_;
  std::size_t max_body_;
  std::size_t head_bytes_ = 0;  // of all heads: 100 and 103 come with one each
  bool head_done_ = false;
  Refusal refusal_ = Refusal::None;
};

/// The error for an answer that was refused.
Error refusal_error(Answer::Refusal why, std::string_view origin);

}  // namespace locket::inline v1::http
