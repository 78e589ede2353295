
#include "toml/toml.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "config/node.hpp"

namespace locket::inline v1::config {
namespace {

// toml++ limits how deep values nest (256), but not how long a dotted key is, and takes its tables apart by recursion.
constexpr std::size_t max_dots = 32;

// The first dot of a line that is one too many, whatever it stands in; comment lines may have any number.
std::size_t too_many_dots(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t first = text.find_first_not_of(" \t", begin);
    std::size_t dots = 0;
    for (std::size_t at = first; at < end && text[first] != '#'; ++at) {
      if (text[at] == '.' && ++dots > max_dots) return at;
    }
    begin = end + 1;
  }
  return std::string_view::npos;
}

Position position_of(const ::toml::source_position& position) {
  return {.line = std::max<std::size_t>(position.line, 1), .column = std::max<std::size_t>(position.column, 1)};
}

// toml++'s descriptions quote the document. What can be told without that: "Error while parsing KIND: …".
std::string explain(std::string_view description) {
  constexpr std::string_view beginning = "Error while parsing ";
  if (!description.starts_with(beginning)) return "this is no TOML: it is not UTF-8";
  if (description.find("cannot redefine existing") != std::string_view::npos) {
    return "the key is defined a second time";
  }
  description.remove_prefix(beginning.size());
  return fmt::format("this is no TOML: the error is in this {}", description.substr(0, description.find(':')));
}

std::string kind_of(const ::toml::node& node) {
  switch (node.type()) {
    case ::toml::node_type::array: return "a list";
    case ::toml::node_type::floating_point: return "a number with a fraction";
    default: return "a date or time";
  }
}

Node convert(const ::toml::node& node, std::size_t depth) {
  Node made = make_node(Node::Kind::Other, "", position_of(node.source().begin));
  if (const auto* table = node.as_table(); table != nullptr && depth < max_depth) {
    made.kind = Node::Kind::Table;
    for (const auto& [key, value] : *table) {
      made.members.push_back(
          {.key = std::string(key.str()), .at = position_of(key.source().begin), .value = convert(value, depth + 1)});
    }
  } else if (const auto* text = node.as_string()) {
    made.kind = Node::Kind::Text;
    made.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    made.kind = Node::Kind::Integer;
    made.text = std::to_string(integer->get());
  } else if (const auto* boolean = node.as_boolean()) {
    made.kind = Node::Kind::Boolean;
    made.text = boolean->get() ? "true" : "false";
  } else {
    made.text = table != nullptr ? "a table" : kind_of(node);
  }
  return made;
}

}  // namespace

Result<Node> parse_toml(std::string_view text) {
  if (const std::size_t at = too_many_dots(text); at != std::string_view::npos) {
    return syntax_error(fmt::format("this line has more than {} dots", max_dots), "is this the right file?",
                        position_of(text, at));
  }
  const ::toml::parse_result parsed = ::toml::parse(text);
  if (parsed) return convert(parsed.table(), 0);
  return syntax_error(explain(parsed.error().description()), "", position_of(parsed.error().source().begin));
}

}  // namespace locket::inline v1::config
