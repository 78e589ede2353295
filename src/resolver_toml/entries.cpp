#include "resolver_toml/entries.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "resolver/code_point.hpp"
#include "resolver_toml/scanner.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::string_view blanks = " \t";

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What stands between two separators of an array or inline table.
struct Item {
  Range range;
  Scalar* scalar = nullptr;  // None when no scalar that is wanted is the item's own value.
};

struct Level {
  bool is_table = false;
  std::size_t item_begin = 0;
  Scalar* scalar = nullptr;
  std::vector<Item> items = {};
};

class Entries {
 public:
  Entries(std::string_view document, std::vector<Scalar>& scalars) : document_(document), scalars_(scalars) {
    for (std::size_t at = 0; (at = document.find('\n', at)) != std::string_view::npos; ++at) line_ends_.push_back(at);
  }

  void run() {
    TomlScanner scanner(document_);
    for (TomlScanner::Sign sign = scanner.next(); next_ < scalars_.size() || !levels_.empty(); sign = scanner.next()) {
      while (next_ < scalars_.size() && scalars_[next_].begin < sign.at) place(scalars_[next_++]);
      take(sign);
      if (sign.what == 0) return;
    }
  }

 private:
  void place(Scalar& scalar) {
    if (levels_.empty()) {
      cut(scalar, lines_of(scalar.begin, scalar.end));
    } else {
      levels_.back().scalar = &scalar;
    }
  }

  // A header's brackets open a level of their own, too, in which no scalar stands.
  void take(TomlScanner::Sign sign) {
    const bool opens = sign.what == '[' || sign.what == '{';
    const bool closes = sign.what == ']' || sign.what == '}';
    if (opens) levels_.push_back({.is_table = sign.what == '{', .item_begin = sign.at + 1});
    if (levels_.empty() || (!closes && sign.what != ',')) return;
    Level& level = levels_.back();
    level.items.push_back({.range = {.begin = level.item_begin, .end = sign.at}, .scalar = level.scalar});
    level.item_begin = sign.at + 1;
    level.scalar = nullptr;
    if (!closes) return;
    if (level.is_table) {
      cut_from_table(level.items);
    } else {
      cut_from_array(level.items);
    }
    levels_.pop_back();
  }

  static void cut(Scalar& scalar, Range range) {
    scalar.entry_begin = range.begin;
    scalar.entry_end = range.end;
  }

  // No comma may stand behind the last entry. So the entries before one that stays go with the comma behind them, and
  // those after it with the comma before them. Where all are wanted, the last one stays; of two, both claim their
  // comma.
  void cut_from_table(std::vector<Item>& items) {
    const auto is_kept = [](const Item& item) { return item.scalar == nullptr; };
    const auto found = static_cast<std::size_t>(std::ranges::find_if(items, is_kept) - items.begin());
    const bool all_wanted = found == items.size();
    if (all_wanted && items.size() == 1) return cut(*items[0].scalar, items[0].range);
    const std::size_t kept = all_wanted ? items.size() - 1 : found;
    for (std::size_t i = 0; i < kept; ++i)
      cut(*items[i].scalar, {.begin = content(items[i]), .end = content(items[i + 1])});
    for (std::size_t i = all_wanted && items.size() == 2 ? 1 : kept + 1; i < items.size(); ++i) {
      if (items[i].scalar != nullptr)
        cut(*items[i].scalar, {.begin = items[i - 1].range.end, .end = items[i].scalar->end});
    }
  }

  // A comma behind the last element is allowed.
  void cut_from_array(std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].scalar == nullptr) continue;
      const bool before_kept = i > 0 && items[i - 1].scalar == nullptr;
      cut(*items[i].scalar, element(items[i], i + 1 == items.size(), before_kept));
    }
  }

  Range element(const Item& item, bool is_last, bool behind_kept) const {
    const std::size_t begin = item.scalar->begin;
    const std::size_t end = is_last ? item.scalar->end : item.range.end + 1;
    const Range lines = lines_of(begin, end);
    const bool alone = is_blank({.begin = lines.begin, .end = begin}) &&
                       (lines.end == end || is_blank_or_comment({.begin = end, .end = lines.end}));
    if (alone) return lines;
    if (!is_last) return {.begin = begin, .end = std::min(document_.find_first_not_of(blanks, end), document_.size())};
    const bool joined = behind_kept && is_blank({.begin = item.range.begin, .end = begin});
    return {.begin = joined ? item.range.begin - 1 : begin, .end = end};
  }

  // From the beginning of a line to the end of a line. Looked up, for a line may hold very many values.
  Range lines_of(std::size_t begin, std::size_t end) const {
    const auto before = std::ranges::lower_bound(line_ends_, begin);
    const auto after = std::ranges::lower_bound(line_ends_, end);
    const std::size_t first = document_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    return {.begin = before == line_ends_.begin() ? first : *std::prev(before) + 1,
            .end = after == line_ends_.end() ? document_.size() : *after + 1};
  }
  std::size_t content(const Item& item) const {
    return std::min(document_.find_first_not_of(blanks, item.range.begin), item.range.end);
  }
  std::string_view text(Range range) const { return document_.substr(range.begin, range.end - range.begin); }
  bool is_blank(Range range) const { return text(range).find_first_not_of(blanks) == std::string_view::npos; }
  bool is_blank_or_comment(Range range) const {
    const std::size_t first = text(range).find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || text(range)[first] == '#';
  }

  std::string_view document_;
  std::vector<Scalar>& scalars_;
  std::vector<std::size_t> line_ends_;
  std::size_t next_ = 0;
  std::vector<Level> levels_;
};

}  // namespace

void note_entries(std::string_view document, std::vector<Scalar>& scalars) {
  Entries(document, scalars).run();
}

}  // namespace locket::inline v1::resolver
