#include "resolver/code_points.hpp"

#include <algorithm>

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t stride = 64;

bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}
bool begins(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

CodePoints::CodePoints(std::string_view text) : text_(text) {
  if (std::ranges::all_of(text, is_ascii)) return;
  std::size_t index = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins(text[at]) && index++ % stride == 0) marks_.push_back(at);
  }
}

std::size_t CodePoints::byte_of(std::size_t index) const {
  if (marks_.empty()) return std::min(index, text_.size());
  if (index / stride >= marks_.size()) return text_.size();
  std::size_t at = marks_[index / stride];
  for (std::size_t left = index % stride; left != 0 && at < text_.size(); --left) {
    do ++at;
    while (at < text_.size() && !begins(text_[at]));
  }
  return at;
}

std::size_t CodePoints::index_of(std::size_t byte) const {
  if (marks_.empty()) return byte;
  const auto after = std::ranges::upper_bound(marks_, byte);
  if (after == marks_.begin()) return 0;
  const auto mark = static_cast<std::size_t>(after - marks_.begin()) - 1;
  const std::string_view between = text_.substr(marks_[mark], byte - marks_[mark]);
  return mark * stride + static_cast<std::size_t>(std::ranges::count_if(between, begins));
}

}  // namespace locket::inline v1::resolver
