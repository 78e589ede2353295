#include "resolver/places.hpp"

#include <algorithm>

namespace locket::inline v1::resolver {

Places::Places(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

Place Places::at(std::size_t offset) {
  const std::size_t end = std::min(offset, text_.size());
  for (; at_ < end; ++at_) {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(text_[at_]) & 0xC0U) != 0x80U) {
      ++column_;
    }
  }
  return {.line = line_, .column = column_};
}

}  // namespace locket::inline v1::resolver
