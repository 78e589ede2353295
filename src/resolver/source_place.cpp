#include "resolver/source_place.hpp"

#include <algorithm>

namespace locket::inline v1::resolver {

Place source_place(std::string_view text, std::size_t offset) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::string_view before = text.substr(0, offset);
  const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
  std::string_view line = before.substr(before.rfind('\n') + 1);
  if (lines == 0 && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  const auto starts_character = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  const auto characters = static_cast<std::size_t>(std::ranges::count_if(line, starts_character));
  return {.line = lines + 1, .column = characters + 1};
}

}  // namespace locket::inline v1::resolver
