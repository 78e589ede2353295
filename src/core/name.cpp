#include <locket/name.hpp>

#include <array>
#include <cstdint>
#include <ostream>

#include <fmt/format.h>

namespace locket::inline v1 {
namespace {

constexpr std::string_view allowed_punctuation = "_.+=@!:-";

constexpr std::array<bool, 256> name_characters = [] {
  std::array<bool, 256> allowed{};
  for (char c = 'a'; c <= 'z'; ++c) allowed[static_cast<std::uint8_t>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) allowed[static_cast<std::uint8_t>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) allowed[static_cast<std::uint8_t>(c)] = true;
  for (char c : allowed_punctuation) allowed[static_cast<std::uint8_t>(c)] = true;
  return allowed;
}();

Error bad_name(std::string message, std::string reason = "name.invalid") {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = "a name is segments of A-Z a-z 0-9 _ . + = @ ! : - joined by '/', such as db/password"});
}

// A character may be a control character or half of a UTF-8 sequence: it is shown by number, so that the message
// stays one printable line.
Error bad_character(std::string_view text, std::size_t at) {
  const auto byte = static_cast<std::uint8_t>(text[at]);
  const bool printable = byte > 0x20 && byte < 0x7f;
  return bad_name(printable ? fmt::format("the name has '{}' at byte {}, which names may not hold", text[at], at)
                            : fmt::format("the name has byte 0x{:02x} at byte {}, which names may not hold", byte, at));
}

Error bad_segment(std::string_view segment, std::size_t at) {
  if (segment.empty()) return bad_name(fmt::format("the name has an empty segment at byte {}", at));
  return bad_name(fmt::format("the name has the segment '{}' at byte {}", segment, at), "name.dot_segment");
}

bool is_segment(std::string_view segment) noexcept {
  return !segment.empty() && segment != "." && segment != "..";
}

// The segments must all be good; the caller has seen to the length.
Result<void> check_segments(std::string_view text) {
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '/') {
      if (!name_characters[static_cast<std::uint8_t>(text[i])]) return bad_character(text, i);
      continue;
    }
    const std::string_view segment = text.substr(start, i - start);
    if (!is_segment(segment)) return bad_segment(segment, start);
    start = i + 1;
  }
  return {};
}

Result<void> check_name(std::string_view text) {
  if (text.empty()) return bad_name("the name is empty");
  if (text.size() > max_name_size) {
    return bad_name(fmt::format("the name is {} bytes long; {} are allowed", text.size(), max_name_size),
                    "name.too_long");
  }
  return check_segments(text);
}

}  // namespace

Result<NameView> NameView::parse(std::string_view text) {
  if (auto checked = check_name(text); !checked) return std::move(checked).error();
  return NameView(text, std::hash<std::string_view>{}(text));
}

Result<Name> Name::parse(std::string_view text) {
  auto view = NameView::parse(text);
  if (!view) return std::move(view).error();
  return Name(*view);
}

Result<Prefix> Prefix::parse(std::string_view text) {
  if (text.empty()) return Prefix();
  const std::string_view folder = text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  if (auto checked = check_name(folder); !checked) return std::move(checked).error();
  return Prefix(std::string(folder) + '/');
}

Result<Name> Prefix::join(NameView name) const {
  const std::size_t size = text_.size() + name.text().size();
  if (size > max_name_size) {
    return Error(
        {.code = ErrorCode::LimitExceeded,
         .reason = "name.too_long",
         .message = fmt::format("below '{}' the name is {} bytes long; {} are allowed", text_, size, max_name_size),
         .hint = "use a shorter name or a shorter prefix",
         .name = std::string(name.text())});
  }
  return Name::parse(text_ + std::string(name.text()));
}

std::ostream& operator<<(std::ostream& out, NameView name) {
  return out << name.text();
}
std::ostream& operator<<(std::ostream& out, const Prefix& prefix) {
  return out << prefix.text();
}

}  // namespace locket::inline v1
