#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <locket/result.hpp>

namespace locket::inline v1::config {

/// Deeper than any key of a configuration file stands; what is below is not looked at.
inline constexpr std::size_t max_depth = 16;

/// A line and a column, from 1, in characters.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

struct Member;

/// A value of a configuration file, whatever its format.
struct Node {
  enum class Kind : std::uint8_t { Table, Text, Integer, Boolean, Other };
  Kind kind = Kind::Other;
  /// Text, an integer in decimal digits, "true" or "false"; of others what they are: "a list".
  std::string text = {};
  Position at = {};
  /// Of a table, in any order; JSON lets a key come twice. Without an initializer, which would need to know Member.
  std::vector<Member> members;
};

struct Member {
  std::string key = {};
  Position at = {};
  Node value = {};
};

/// One without members.
Node make_node(Node::Kind kind, std::string text, Position at);

/// The document's outermost table. InvalidArgument (reason "config.syntax") with the place of what is wrong, which is
/// not quoted.
Result<Node> parse_toml(std::string_view text);
Result<Node> parse_json(std::string_view text);

/// What both return.
Error syntax_error(std::string message, std::string hint, Position at);
/// The position of a byte of `text`.
Position position_of(std::string_view text, std::size_t offset);

}  // namespace locket::inline v1::config
