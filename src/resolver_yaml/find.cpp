#include "resolver_yaml/find.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "resolver/code_point.hpp"
#include "resolver/found_size.hpp"
#include "resolver/source_place.hpp"
#include "resolver_yaml/aliases.hpp"
#include "resolver_yaml/events.hpp"
#include "resolver_yaml/nesting.hpp"
#include "resolver_yaml/style.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_depth = 100;
// In YAML 1.1, as libyaml implements it, the last three are line breaks too: NEL, LS and PS.
constexpr std::array<std::string_view, 5> line_breaks{"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// 0 where none begins.
std::size_t line_break_size(std::string_view text, std::size_t at) {
  for (const std::string_view line_break : line_breaks) {
    if (text.substr(at).starts_with(line_break)) return line_break.size();
  }
  return 0;
}

bool is_blank(char byte) {
  return byte == ' ' || byte == '\t';
}

std::size_t find_line_break(std::string_view text, std::size_t from) {
  while (from < text.size() && line_break_size(text, from) == 0) ++from;
  return from;
}

// Whether a line of `text` begins at its end.
bool ends_line(std::string_view text) {
  const auto ends = [&](std::string_view line_break) { return text.ends_with(line_break); };
  return text.empty() || std::ranges::any_of(line_breaks, ends);
}

// A block scalar ends where the next line begins, behind its last blank line. What is to be replaced ends before the
// line break of the last line that is not blank, so that this and all blank lines stay.
std::size_t block_end(std::string_view document, std::size_t begin, std::size_t end) {
  std::string_view scalar = document.substr(begin, end - begin);
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view blank : {std::string_view(" "), std::string_view("\t"), line_breaks[0], line_breaks[1],
                                         line_breaks[2], line_breaks[3], line_breaks[4]}) {
      if (!scalar.ends_with(blank)) continue;
      scalar.remove_suffix(blank.size());
      more = true;
    }
  }
  return begin + find_line_break(document.substr(begin, end - begin), scalar.size());
}

// libyaml takes lines of blanks with tabs in them behind a plain scalar, but not behind a quoted one. They go with the
// scalar; of one that a comment ends, all but the last blank.
std::size_t behind_tabs(std::string_view document, std::size_t end) {
  std::size_t behind = end;
  for (std::size_t line = end; line < document.size();) {
    std::size_t at = line;
    while (at < document.size() && is_blank(document[at])) ++at;
    const std::size_t size = line_break_size(document, at);
    const bool ends = size != 0 || at == document.size();
    const bool tabs = line != end && document.substr(line, at - line).find('\t') != std::string_view::npos;
    if (tabs && (ends || document[at] == '#')) behind = ends ? at : at - 1;
    if (size == 0) break;
    line = at + size;
  }
  return behind;
}

bool is_anchor_character(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte == '-';
}

// Behind the anchor or tag that begins at `at`, as libyaml reads them.
std::size_t skip_property(std::string_view document, std::size_t at, bool flow) {
  const bool is_anchor = document[at] == '&';
  for (++at; at < document.size(); ++at) {
    const char byte = document[at];
    const bool ends = is_blank(byte) || line_break_size(document, at) != 0 || (flow && byte == ',');
    if (is_anchor ? !is_anchor_character(byte) : ends) break;
  }
  return at;
}

// Behind the blanks, line breaks and comments that begin at `at`. A byte order mark where a line begins is a blank.
std::size_t skip_blanks(std::string_view document, std::size_t at) {
  while (at < document.size()) {
    if (const std::size_t size = line_break_size(document, at); size != 0) {
      at += size;
    } else if (is_blank(document[at])) {
      ++at;
    } else if (document[at] == '#') {
      at = find_line_break(document, at);
    } else if (ends_line(document.substr(0, at)) && document.substr(at).starts_with(byte_order_mark)) {
      at += byte_order_mark.size();
    } else {
      break;
    }
  }
  return at;
}

// Where a line begins libyaml takes a block scalar that is not indented, but no other.
bool begins_line(std::string_view document, std::size_t at) {
  std::string_view before = document.substr(0, at);
  while (before.ends_with(' ')) before.remove_suffix(1);
  if (before.ends_with(byte_order_mark)) before.remove_suffix(byte_order_mark.size());
  return ends_line(before);
}

struct Properties {
  std::size_t end = 0;  // Where the scalar itself begins.
  bool lone_tag = false;
  bool glued = false;  // No blank stands between them and the scalar: `&a?b`, which is an anchor and "?b".
};

// libyaml lets a node begin with its anchor and its tag. A scalar itself never begins with '&' or '!'.
Properties skip_properties(std::string_view document, std::size_t begin, std::size_t end, bool flow) {
  Properties properties{.end = begin};
  while (properties.end < end && (document[properties.end] == '&' || document[properties.end] == '!')) {
    const std::size_t behind = skip_property(document, properties.end, flow);
    const bool lone = document[properties.end] == '!' && behind - properties.end == 1;
    properties.lone_tag = properties.lone_tag || lone;
    properties.end = std::min(skip_blanks(document, behind), end);
    properties.glued = properties.end == behind;
  }
  return properties;
}

YamlTag tag_of(std::string_view tag) {
  constexpr std::string_view prefix = "tag:yaml.org,2002:";
  constexpr std::array<std::pair<std::string_view, YamlTag>, 5> known{{{"str", YamlTag::Text},
                                                                       {"int", YamlTag::Integer},
                                                                       {"float", YamlTag::Float},
                                                                       {"bool", YamlTag::Boolean},
                                                                       {"null", YamlTag::Null}}};
  if (tag.empty()) return YamlTag::None;
  if (!tag.starts_with(prefix)) return YamlTag::Other;
  for (const auto& [name, meant] : known) {
    if (tag.substr(prefix.size()) == name) return meant;
  }
  return YamlTag::Other;
}

YamlForm form_of(yaml_scalar_style_t style, bool is_empty) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return YamlForm::SingleQuoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return YamlForm::DoubleQuoted;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE: return YamlForm::Block;
    default: return is_empty ? YamlForm::Absent : YamlForm::Plain;
  }
}

Kind kind_of(const YamlStyle& style, std::string_view text) {
  switch (style.tag) {
    case YamlTag::Integer: return Kind::Integer;
    case YamlTag::Float: return Kind::Float;
    case YamlTag::Boolean: return Kind::Boolean;
    case YamlTag::Null: return Kind::Null;
    case YamlTag::None: break;
    default: return Kind::Text;
  }
  return style.form == YamlForm::Plain || style.form == YamlForm::Absent ? core_kind(text) : Kind::Text;
}

class Finder {
 public:
  Finder(std::string_view document, const Wanted& wanted) : document_(document), wanted_(wanted), parser_(document) {}
  virtual ~Finder() = default;
  Finder(const Finder&) = delete;
  Finder& operator=(const Finder&) = delete;

  Result<std::vector<Scalar>> run() {
    for (bool more = true; more;) {
      YamlEvent event;
      if (!parser_.next(event)) return parser_.error();
      more = event->type != YAML_STREAM_END_EVENT;
      take(*event.get());
      if (nesting_.depth() > max_depth) return too_deep(parser_.byte_of(event->start_mark));
      if (problem_) return std::move(*problem_);
      counted_ = std::min(counted_, found_.size());  // Merge keys take some away.
      for (; counted_ < found_.size(); ++counted_) found_size_ += found_size(found_[counted_]);
      if (found_size_ > max_found_size) {
        return found_too_much("yaml", source_place(document_, parser_.byte_of(event->start_mark)));
      }
    }
    return std::move(found_);
  }

 protected:
  virtual void take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT: return nesting_.begin_document();
      case YAML_SEQUENCE_START_EVENT: return open(true, event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
      case YAML_MAPPING_START_EVENT: return open(false, event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return nesting_.close();
      case YAML_ALIAS_EVENT: nesting_.begin_node(fmt::format("*{}", view(event.data.alias.anchor))); return;
      case YAML_SCALAR_EVENT: return scalar(event);
      default: return;
    }
  }

  void open(bool is_sequence, bool is_flow) {
    const bool is_value = nesting_.begin_node("?");
    nesting_.open(is_sequence, is_flow, is_value);
  }

  void scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
    if (nesting_.begin_node(text) && wanted_(text)) found_.push_back(described(event, text));
  }

  Scalar described(const yaml_event_t& event, std::string_view text) const {
    const auto& data = event.data.scalar;
    const std::size_t end = parser_.byte_of(event.end_mark);
    const Properties properties =
        skip_properties(document_, parser_.byte_of(event.start_mark), end, nesting_.in_flow());
    const YamlForm form = form_of(data.style, properties.end == end);
    const bool at_margin = form == YamlForm::Block && begins_line(document_, properties.end);
    const YamlStyle style{.form = form,
                          .tag = properties.lone_tag ? YamlTag::Lone : tag_of(view(data.tag)),
                          .flow = nesting_.in_flow(),
                          .needs_blank = properties.glued || at_margin};
    const std::size_t begin = properties.end;
    return {.begin = begin,
            .end = end_of(style, begin, end),
            .entry_begin = begin,
            .entry_end = begin,
            .path = nesting_.path(),
            .kind = kind_of(style, text),
            .text = std::string(text),
            .style = style.pack()};
  }

  std::size_t end_of(const YamlStyle& style, std::size_t begin, std::size_t end) const {
    const bool quoted = style.form == YamlForm::SingleQuoted || style.form == YamlForm::DoubleQuoted;
    if (style.form == YamlForm::Block) end = block_end(document_, begin, end);
    return quoted || style.flow || begin == end ? end : behind_tabs(document_, end);
  }

  Error too_deep(std::size_t at) const {
    return Error({.code = ErrorCode::LimitExceeded,
                  .reason = "yaml.depth",
                  .message = fmt::format("the document nests deeper than {}", max_depth),
                  .place = source_place(document_, at)});
  }

  std::string_view document_;
  const Wanted& wanted_;
  YamlParser parser_;
  YamlNesting nesting_;
  std::vector<Scalar> found_;
  std::optional<Error> problem_;

 private:
  std::size_t found_size_ = 0;
  std::size_t counted_ = 0;  // How many of the found are in it.
};

/// Finds what a parser gets: aliases are what they stand for.
class ValueFinder final : public Finder {
 public:
  ValueFinder(std::string_view document, const Wanted& all) : Finder(document, all) {}

 private:
  /// A collection that is open.
  struct Open {
    std::string anchor = {};
    std::size_t first = 0;  ///< of the values in it
    std::size_t begin = 0;  ///< in the document
  };

  void take(const yaml_event_t& event) override {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT: aliases_.begin_document(); break;
      case YAML_SEQUENCE_START_EVENT: open(event, view(event.data.sequence_start.anchor)); break;
      case YAML_MAPPING_START_EVENT: open(event, view(event.data.mapping_start.anchor)); break;
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return close(event);
      case YAML_ALIAS_EVENT: return expand(event);
      default: break;
    }
    Finder::take(event);
    if (event.type == YAML_SCALAR_EVENT && event.data.scalar.anchor != nullptr) keep_scalar(event);
  }

  void open(const yaml_event_t& event, std::string_view anchor) {
    open_.push_back(
        {.anchor = std::string(anchor), .first = found_.size(), .begin = parser_.byte_of(event.start_mark)});
  }

  void close(const yaml_event_t& event) {
    const Open opened = std::move(open_.back());
    open_.pop_back();
    const bool is_value = nesting_.is_value();
    const Kind kind = nesting_.is_sequence() ? Kind::EmptySequence : Kind::EmptyMapping;
    Finder::take(event);
    if (!is_value) return;
    const Path path = nesting_.path();
    if (kind == Kind::EmptyMapping) apply_merge_key(path, opened.first, found_);
    if (found_.size() == opened.first) {
      found_.push_back({.begin = opened.begin, .end = parser_.byte_of(event.end_mark), .path = path, .kind = kind});
    }
    if (opened.anchor.empty()) return;
    const std::span<const Scalar> values = std::span(found_).subspan(opened.first);
    note(aliases_.keep(opened.anchor, values, path.size()), event);
  }

  // A key may be anchored too.
  void keep_scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const Scalar scalar = described(event, {reinterpret_cast<const char*>(data.value), data.length});
    note(aliases_.keep(view(data.anchor), std::span(&scalar, 1), scalar.path.size()), event);
  }

  void expand(const yaml_event_t& event) {
    const std::string_view anchor = view(event.data.alias.anchor);
    const std::string* const key = aliases_.key(anchor);
    const std::string name = key == nullptr ? fmt::format("*{}", anchor) : *key;
    if (nesting_.begin_node(name)) note(aliases_.expand(anchor, nesting_.path(), found_), event);
  }

  void note(YamlAliases::Outcome outcome, const yaml_event_t& event) {
    const std::size_t at = parser_.byte_of(event.start_mark);
    switch (outcome) {
      case YamlAliases::Outcome::Fine: return;
      case YamlAliases::Outcome::TooDeep: problem_ = too_deep(at); return;
      case YamlAliases::Outcome::Unknown:
        problem_ = Error({.code = ErrorCode::InvalidArgument,
                          .reason = "yaml.syntax",
                          .message = "the alias names no anchor of a value that ends before it",
                          .place = source_place(document_, at)});
        return;
      case YamlAliases::Outcome::TooMuch:
        problem_ = Error({.code = ErrorCode::LimitExceeded,
                          .reason = "yaml.aliases",
                          .message = "the aliases make too much of the document",
                          .place = source_place(document_, at)});
        return;
    }
  }

  YamlAliases aliases_{max_depth};
  std::vector<Open> open_;
};

}  // namespace

Result<std::vector<Scalar>> find_yaml(std::string_view document, const Wanted& wanted) {
  return Finder(document, wanted).run();
}

Result<std::vector<Scalar>> find_yaml_values(std::string_view document) {
  const Wanted all = [](std::string_view) { return true; };
  auto found = ValueFinder(document, all).run();
  if (found) std::ranges::sort(*found, {}, [](const Scalar& each) { return std::tie(each.begin, each.path); });
  return found;
}

std::string_view block_comment(std::string_view document, std::size_t begin) {
  const std::string_view header = document.substr(begin, find_line_break(document, begin) - begin);
  const std::size_t sign = header.find('#');
  if (sign == std::string_view::npos) return {};
  const std::size_t indicator = header.find_last_not_of(" \t", sign - 1);
  return header.substr(indicator + 1);
}

}  // namespace locket::inline v1::resolver
