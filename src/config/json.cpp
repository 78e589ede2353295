#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/node.hpp"

namespace locket::inline v1::config {
namespace {

// Builds the tree while nlohmann's parser checks the document. The parser does not say where things stand, so this goes
// along: between one key or scalar and the next there are only blanks and brackets, commas and colons.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeBuilder(std::string_view document) : document_(document) {
    if (document_.starts_with("\xEF\xBB\xBF")) at_ = counted_ = 3;
  }

  bool null() override { return literal(Node::Kind::Other, "null"); }
  bool boolean(bool truth) override { return literal(Node::Kind::Boolean, truth ? "true" : "false"); }
  bool number_integer(number_integer_t number) override { return literal(Node::Kind::Integer, std::to_string(number)); }
  bool number_unsigned(number_unsigned_t number) override {
    return literal(Node::Kind::Integer, std::to_string(number));
  }
  bool number_float(number_float_t, const string_t&) override {
    return literal(Node::Kind::Other, "a number with a fraction");
  }
  bool string(string_t& text) override {
    const Position at = pass_string();
    return add(make_node(Node::Kind::Text, std::move(text), at));
  }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& text) override {
    key_at_ = pass_string();
    key_ = std::move(text);
    return true;
  }
  bool start_object(std::size_t) override { return open('{', Node::Kind::Table, "a table"); }
  bool start_array(std::size_t) override { return open('[', Node::Kind::Other, "a list"); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error = position >= document_.size() + 1 ? ended() : no_json(position == 0 ? 0 : position - 1);
    return false;
  }

  Node root = {};
  std::optional<Error> error = {};

 private:
  struct Level {
    Member container = {};
    bool is_list = false;
  };

  static constexpr std::string_view structure = " \t\r\n,:[]{}";

  // Counted on the way, so that a file of many keys is passed once only.
  Position position(std::size_t offset) {
    for (; counted_ < offset; ++counted_) {
      const bool begins_character = (static_cast<unsigned char>(document_[counted_]) & 0xC0U) != 0x80U;
      if (begins_character) ++position_.column;
      if (document_[counted_] == '\n') position_ = {.line = position_.line + 1, .column = 1};
    }
    return position_;
  }

  Position pass_string() {
    at_ = std::min(document_.find_first_not_of(structure, at_), document_.size());
    const Position begin = position(at_++);
    while (at_ < document_.size() && document_[at_] != '"') at_ += document_[at_] == '\\' ? 2U : 1U;
    at_ = std::min(at_ + 1, document_.size());
    return begin;
  }

  bool literal(Node::Kind kind, std::string text) {
    at_ = std::min(document_.find_first_not_of(structure, at_), document_.size());
    const Position begin = position(at_);
    at_ = std::min(document_.find_first_of(" \t\r\n,]}", at_), document_.size());
    return add(make_node(kind, std::move(text), begin));
  }

  // What a list holds is not looked at.
  bool add(Node node) {
    if (open_.empty()) {
      root = std::move(node);
    } else if (!open_.back().is_list) {
      open_.back().container.value.members.push_back({.key = key_, .at = key_at_, .value = std::move(node)});
    }
    return true;
  }

  bool open(char bracket, Node::Kind kind, const char* what) {
    at_ = std::min(document_.find(bracket, at_), document_.size());
    const Position begin = position(at_++);
    if (open_.size() == max_depth) {
      error = syntax_error(fmt::format("the JSON nests deeper than {}", max_depth), "", begin);
      return false;
    }
    open_.push_back({.container = {.key = key_, .at = key_at_, .value = make_node(kind, what, begin)},
                     .is_list = kind != Node::Kind::Table});
    return true;
  }
  bool close() {
    Level closed = std::move(open_.back());
    open_.pop_back();
    key_ = std::move(closed.container.key);
    key_at_ = closed.container.at;
    return add(std::move(closed.container.value));
  }

  Error ended() {
    return syntax_error("the JSON ends before it is complete", "look for a bracket or a quote that is never closed",
                        position_of(document_, document_.size()));
  }
  Error no_json(std::size_t at) {
    return syntax_error("this is no JSON", "comments, trailing commas and single quotes are not JSON",
                        position_of(document_, at));
  }

  std::string_view document_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;
  Position position_;
  std::string key_;
  Position key_at_;
  std::vector<Level> open_;
};

}  // namespace

Result<Node> parse_json(std::string_view text) {
  TreeBuilder builder(text);
  const bool parsed = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  if (builder.error) return std::move(*builder.error);
  if (!parsed) return syntax_error("this is no JSON", "", {});
  return std::move(builder.root);
}

}  // namespace locket::inline v1::config
