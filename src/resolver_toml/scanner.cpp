#include "resolver_toml/scanner.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace locket::inline v1::resolver {
namespace {

// Counts how deep the key that is being read would stand.
class Depth {
 public:
  std::size_t after(char sign) {
    switch (sign) {
      case '[':
      case '{': open(sign == '{'); break;
      case ']':
      case '}': close(); break;
      case '\n':
        if (levels_.size() == 1) end_statement();
        break;
      case ',': end_key(); break;
      case '=': levels_.back().in_key = false; break;
      case '.': dot(); break;
      default: break;
    }
    return depth_;
  }

 private:
  struct Level {
    bool is_table = true;
    bool in_key = true;
    std::size_t depth = 1;
  };

  // A bracket where a statement begins is a header's.
  void open(bool is_table) {
    ++depth_;
    if (levels_.size() > 1 || !levels_.back().in_key) return levels_.push_back({.is_table = is_table});
    if (!in_header_) begin_header();
    ++header_;
  }
  void begin_header() {
    end_key();
    in_header_ = true;
    depth_ -= header_;
    header_ = 0;
  }
  void close() {
    if (in_header_ || levels_.size() == 1) return;
    depth_ -= levels_.back().depth;
    levels_.pop_back();
  }
  void end_statement() {
    in_header_ = false;
    end_key();
  }
  void end_key() {
    depth_ -= levels_.back().depth - 1;
    levels_.back().depth = 1;
    levels_.back().in_key = true;
  }
  void dot() {
    Level& level = levels_.back();
    if (!in_header_ && !(level.is_table && level.in_key)) return;
    ++depth_;
    ++(in_header_ ? header_ : level.depth);
  }

  std::vector<Level> levels_{Level{}};
  bool in_header_ = false;
  std::size_t header_ = 0;
  std::size_t depth_ = 1;
};

}  // namespace

TomlScanner::Sign TomlScanner::next() {
  while (at_ < document_.size()) {
    switch (const char what = document_[at_]) {
      case '#': skip_comment(); break;
      case '"':
      case '\'': skip_string(); break;
      case '[':
      case ']':
      case '{':
      case '}':
      case ',':
      case '.':
      case '=':
      case '\n': return {.what = what, .at = at_++};
      default: ++at_;
    }
  }
  return {.what = 0, .at = document_.size()};
}

void TomlScanner::skip_comment() {
  at_ = std::min(document_.find('\n', at_), document_.size());
}

void TomlScanner::skip_string() {
  const char quote = document_[at_];
  if (document_.substr(at_).starts_with(std::string(3, quote))) return skip_block_string(quote);
  skip_line_string(quote);
}

void TomlScanner::skip_line_string(char quote) {
  for (++at_; at_ < document_.size() && document_[at_] != '\n'; ++at_) {
    if (document_[at_] == quote) {
      ++at_;
      return;
    }
    if (document_[at_] == '\\' && quote == '"' && at_ + 1 < document_.size()) ++at_;
  }
}

// The first three quotes and all that follow on them end it: up to two of them belong to it.
void TomlScanner::skip_block_string(char quote) {
  std::size_t quotes = 0;
  for (at_ += 3; at_ < document_.size(); ++at_) {
    const bool is_quote = document_[at_] == quote;
    if (!is_quote && quotes >= 3) return;
    quotes = is_quote ? quotes + 1 : 0;
    if (document_[at_] == '\\' && quote == '"') ++at_;
  }
  at_ = std::min(at_, document_.size());
}

std::size_t find_too_deep(std::string_view document, std::size_t limit) {
  TomlScanner scanner(document);
  Depth depth;
  for (TomlScanner::Sign sign = scanner.next(); sign.what != 0; sign = scanner.next()) {
    if (depth.after(sign.what) > limit) return sign.at;
  }
  return std::string_view::npos;
}

}  // namespace locket::inline v1::resolver
