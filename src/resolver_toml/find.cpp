#include "resolver_toml/find.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "resolver/code_point.hpp"
#include "resolver/code_points.hpp"
#include "resolver/found_size.hpp"
#include "resolver/source_place.hpp"
#include "resolver_toml/entries.hpp"
#include "resolver_toml/scanner.hpp"
#include "toml/toml.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_depth = 100;

// Finds toml++'s lines and columns in the document.
class Positions {
 public:
  explicit Positions(std::string_view document)
      : size_(document.size()),
        skipped_(document.starts_with(byte_order_mark) ? byte_order_mark.size() : 0),
        points_(document.substr(skipped_)) {
    const std::string_view text = document.substr(skipped_);
    for (std::size_t line = 0; line != 0 || lines_.empty(); line = text.find('\n', line) + 1) {
      lines_.push_back(points_.index_of(line));
    }
  }

  std::size_t byte_of(const ::toml::source_position& position) const {
    if (position.line == 0 || position.line > lines_.size()) return size_;
    return skipped_ + points_.byte_of(lines_[position.line - 1] + position.column - 1);
  }

 private:
  std::size_t size_;
  std::size_t skipped_;  // The byte order mark: toml++ does not count it.
  CodePoints points_;
  std::vector<std::size_t> lines_;  // The code point with which each line begins.
};

Error syntax_error(std::string message, std::string hint, Place place) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "toml.syntax",
                .message = std::move(message),
                .hint = std::move(hint),
                .place = std::move(place)});
}

// toml++'s descriptions quote the document. What can be told of them without doing so: "Error while parsing array: …"
// names the part in its own words.
std::string explain(std::string_view description) {
  constexpr std::string_view beginning = "Error while parsing ";
  if (!description.starts_with(beginning)) return "this is no TOML: it is not UTF-8";
  if (description.find("cannot redefine existing") != std::string_view::npos) {
    return "this is no TOML: the key is defined a second time";
  }
  description.remove_prefix(beginning.size());
  return fmt::format("this is no TOML: the error is in this {}", description.substr(0, description.find(':')));
}

// toml++ stops at the first or at the second byte of a reference without quotes.
std::string hint_at(std::string_view document, std::size_t at) {
  for (const std::string_view opener : {"$<secret:", "${secret:"}) {
    const std::string_view around = document.substr(at - std::min<std::size_t>(at, 1), opener.size() + 1);
    if (around.find(opener) == std::string_view::npos) continue;
    return "write the reference in quotes; type=int, bool or json takes them away";
  }
  return "";
}

Error too_deep(std::string_view document, std::size_t at) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "toml.depth",
                .message = fmt::format("the document nests deeper than {}", max_depth),
                .place = source_place(document, at)});
}

Kind kind_of(const ::toml::node& node) {
  switch (node.type()) {
    case ::toml::node_type::integer: return Kind::Integer;
    case ::toml::node_type::floating_point: return Kind::Float;
    case ::toml::node_type::boolean: return Kind::Boolean;
    default: return Kind::Text;
  }
}

// Collects the values that are wanted, in the order in which toml++ keeps them.
class Finder {
 public:
  Finder(std::string_view document, const Wanted& wanted, bool empty_ones = false)
      : document_(document), wanted_(wanted), empty_ones_(empty_ones), positions_(document) {}

  Result<std::vector<Scalar>> run() {
    const ::toml::parse_result parsed = ::toml::parse(document_);
    if (!parsed) {
      const std::size_t at = positions_.byte_of(parsed.error().source().begin);
      return syntax_error(explain(parsed.error().description()), hint_at(document_, at), source_place(document_, at));
    }
    visit(parsed.table());
    if (deepest_.first > max_depth) return too_deep(document_, deepest_.second);
    if (found_size_ > max_found_size) return found_too_much("toml", source_place(document_, found_.back().begin));
    std::ranges::sort(found_, {}, &Scalar::begin);
    if (!empty_ones_) note_entries(document_, found_);
    return std::move(found_);
  }

 private:
  void visit(const ::toml::table& table) {
    if (table.empty()) empty_one(table, Kind::EmptyMapping);
    for (const auto& [key, node] : table) {
      path_.emplace_back(std::string(key.str()));
      visit(node);
      path_.pop_back();
    }
  }
  void visit(const ::toml::array& array) {
    if (array.empty()) empty_one(array, Kind::EmptySequence);
    for (std::size_t i = 0; i < array.size(); ++i) {
      path_.emplace_back(i);
      visit(array[i]);
      path_.pop_back();
    }
  }
  void visit(const ::toml::node& node) {
    if (const auto* table = node.as_table()) return visit(*table);
    if (const auto* array = node.as_array()) return visit(*array);
    const std::size_t begin = positions_.byte_of(node.source().begin);
    const std::size_t end = positions_.byte_of(node.source().end);
    deepest_ = std::max(deepest_, {path_.size(), begin});
    const std::string_view source = document_.substr(begin, end - begin);
    const std::string* string = node.is_string() ? &node.as_string()->get() : nullptr;
    const std::string_view text = string == nullptr ? source : *string;
    if (found_size_ > max_found_size || !wanted_(text)) return;
    const bool literal = string != nullptr && source.starts_with('\'') && !source.starts_with("'''");
    found_.push_back({.begin = begin,
                      .end = end,
                      .path = path_,
                      .kind = kind_of(node),
                      .text = std::string(text),
                      .style = literal ? toml_literal : 0});
    found_size_ += found_size(found_.back());
  }

  void empty_one(const ::toml::node& node, Kind kind) {
    if (!empty_ones_) return;
    const std::size_t begin = positions_.byte_of(node.source().begin);
    found_.push_back({.begin = begin, .end = begin, .path = path_, .kind = kind});
  }

  std::string_view document_;
  const Wanted& wanted_;
  bool empty_ones_;  // Told too; entries, which only those who write want, are not.
  Positions positions_;
  Path path_;
  std::pair<std::size_t, std::size_t> deepest_;
  std::vector<Scalar> found_;
  std::size_t found_size_ = 0;
};

Result<std::vector<Scalar>> find_in(std::string_view document, const Wanted& wanted, bool empty_ones) {
  if (is_utf16(document))
    return syntax_error("the document is in UTF-16", "save it in UTF-8", {.line = 1, .column = 1});
  const std::size_t deep = find_too_deep(document, max_depth);
  if (deep != std::string_view::npos) return too_deep(document, deep);
  return Finder(document, wanted, empty_ones).run();
}

}  // namespace

Result<std::vector<Scalar>> find_toml(std::string_view document, const Wanted& wanted) {
  return find_in(document, wanted, false);
}

Result<std::vector<Scalar>> find_toml_values(std::string_view document) {
  return find_in(document, [](std::string_view) { return true; }, true);
}

}  // namespace locket::inline v1::resolver
