#include "config/node.hpp"

#include <algorithm>
#include <utility>

namespace locket::inline v1::config {

Node make_node(Node::Kind kind, std::string text, Position at) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  node.at = at;
  return node;
}

Error syntax_error(std::string message, std::string hint, Position at) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "config.syntax",
                .message = std::move(message),
                .hint = std::move(hint),
                .place = Place{.line = at.line, .column = at.column}});
}

// A byte order mark counts nothing.
Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  std::string_view line = before.substr(before.rfind('\n') + 1);
  if (line.data() == text.data() && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  const auto begins_character = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          .column = static_cast<std::size_t>(std::ranges::count_if(line, begins_character)) + 1};
}

}  // namespace locket::inline v1::config
