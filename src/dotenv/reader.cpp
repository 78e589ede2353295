#include "dotenv/reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <locket/secret_buffer.hpp>

namespace locket::inline v1::dotenv {
namespace {

// Of a file that is no .env file at all every line is wrong; nobody reads further than this.
constexpr std::size_t max_told_faults = 50;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}
bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}
bool is_variable_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// Behind a backslash in double quotes.
constexpr std::array<std::pair<char, char>, 6> escapes{
    {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'"', '"'}, {'\\', '\\'}, {'$', '$'}}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// A comment begins with a '#' behind a blank; any other '#' is a part of the value.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '#' && is_blank(text[i - 1])) return text.substr(0, i);
  }
  return text;
}

// Some editors of Windows write it, and an error for each line would not help.
bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

struct Place {
  std::size_t at = 0;
  std::size_t line = 1;
  std::size_t line_start = 0;
};

// Walks over the text and knows where it is. A line ends in LF, CR LF or CR.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) here_ = {.at = 3, .line_start = 3};  // a byte order mark
  }

  const Place& here() const { return here_; }
  void return_to(const Place& place) { here_ = place; }

  bool done() const { return here_.at == text_.size(); }
  bool at(char c) const { return !done() && text_[here_.at] == c; }
  bool at_quote() const { return at('\'') || at('"') || at('`'); }
  bool at_line_end() const { return done() || is_line_end(text_[here_.at]); }

  /// Only where the text goes on on this line.
  char take() { return text_[here_.at++]; }
  bool take(char c) {
    if (!at(c)) return false;
    ++here_.at;
    return true;
  }
  template <class Predicate>
  std::string_view take_while(Predicate belongs) {
    const std::size_t start = here_.at;
    while (!done() && belongs(text_[here_.at])) ++here_.at;
    return text_.substr(start, here_.at - start);
  }
  std::string_view take_line() {
    return take_while([](char c) { return !is_line_end(c); });
  }
  /// False at the end of the text.
  bool take_line_end() {
    const bool carriage_return = take('\r');
    if (!take('\n') && !carriage_return) return false;
    ++here_.line;
    here_.line_start = here_.at;
    return true;
  }

  /// Counts characters of UTF-8, as editors do.
  std::size_t column(const Place& place) const {
    const std::string_view before = text_.substr(place.line_start, place.at - place.line_start);
    const auto starts = std::count_if(before.begin(), before.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return static_cast<std::size_t>(starts) + 1;
  }

 private:
  std::string_view text_;
  Place here_;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  // What is left of a line behind its assignment is a comment, or what a fault was told about.
  Reading run() {
    do {
      const std::size_t begin = text_.here().at;
      const std::size_t count = reading_.assignments.size();
      text_.take_while(is_blank);
      if (!text_.at_line_end() && !text_.at('#')) assignment();
      text_.take_line();
      if (reading_.assignments.size() > count) bound_entry(begin);
    } while (text_.take_line_end());
    return std::move(reading_);
  }

 private:
  void bound_entry(std::size_t begin) {
    const Place end = text_.here();
    text_.take_line_end();
    reading_.assignments.back().entry_begin = begin;
    reading_.assignments.back().entry_end = text_.here().at;
    text_.return_to(end);
  }

  void assignment() {
    skip_export();
    const Place start = text_.here();
    // Not copied before it is known to be a name: it may be a line of a secret that was not quoted.
    const std::string_view variable = text_.take_while(is_variable_character);
    const bool ended = !text_.take_while(is_blank).empty() || text_.at_line_end() || text_.at('=');
    if (variable.empty() && text_.at('=')) {
      fail("the name before '=' is missing");
    } else if (variable.empty() || !ended) {
      fail("a name is made of A-Z a-z 0-9 _ . - only");
    } else if (!text_.take('=')) {
      fail("'=' is missing behind the name");
    } else {
      Assignment made{.variable = std::string(variable), .line = start.line};
      if (value(made)) reading_.assignments.push_back(std::move(made));
    }
  }

  // "export" is a word of its own only before another one: `export=1` sets a variable of that name.
  void skip_export() {
    const Place start = text_.here();
    const bool is_export = text_.take_while(is_variable_character) == "export";
    const bool separate = !text_.take_while(is_blank).empty() && !text_.at('=');
    if (!is_export || !separate) text_.return_to(start);
  }

  // False when a fault was told.
  bool value(Assignment& made) {
    const Place behind_equals = text_.here();
    text_.take_while(is_blank);
    const Place start = text_.here();
    if (!text_.at_quote()) text_.return_to(behind_equals);  // a comment needs the blank before it
    if (!(text_.at_quote() ? quoted(made) : bare(made))) return false;
    if (made.value.expose().find('\0') == std::string_view::npos) return true;
    fail("the value holds a NUL byte, which no variable can", start);
    return false;
  }

  // An empty value stands right behind the equals sign.
  bool bare(Assignment& made) {
    const std::size_t begin = text_.here().at;
    const std::string_view line = text_.take_line();
    const std::string_view value = trimmed(without_comment(line));
    made.begin = value.empty() ? begin : begin + static_cast<std::size_t>(value.data() - line.data());
    made.end = made.begin + value.size();
    made.value = SecretValue(value);
    return true;
  }

  bool quoted(Assignment& made) {
    const Place opened = text_.here();
    const char quote = text_.take();
    SecretBuffer value;
    while (!text_.done() && !text_.at(quote)) value.push_back(quoted_character(quote));
    if (!text_.take(quote)) {
      text_.return_to(opened);
      fail("the quote that opens here is never closed");
      return false;
    }
    made.begin = opened.at;
    made.end = text_.here().at;
    made.value = std::move(value).finish();
    text_.take_while(is_blank);
    if (text_.at_line_end() || text_.at('#')) return true;
    fail(fmt::format("there is more behind the quote that closes the value of line {}", opened.line));
    return false;
  }

  // A value's lines end in LF, whatever the file's do.
  char quoted_character(char quote) {
    if (text_.take_line_end()) return '\n';
    const char c = text_.take();
    return c == '\\' && quote == '"' ? escaped() : c;
  }

  // What stands behind a backslash in double quotes; a backslash that escapes nothing is one.
  char escaped() {
    for (const auto& [written, meant] : escapes) {
      if (text_.take(written)) return meant;
    }
    return '\\';
  }

  void fail(std::string_view what) { fail(what, text_.here()); }
  void fail(std::string_view what, const Place& place) {
    if (++reading_.fault_count > max_told_faults) return;
    reading_.faults.push_back({.line = place.line, .column = text_.column(place), .what = std::string(what)});
  }

  Scanner text_;
  Reading reading_{.hint = R"(write NAME=value, NAME='value as it is' or NAME="value with \n and \"")"};
};

}  // namespace

Reading read(std::string_view text) {
  if (!is_utf16(text)) return Parser(text).run();
  return {.faults = {{.line = 1, .column = 1, .what = "the file is in UTF-16"}},
          .fault_count = 1,
          .hint = "save it in UTF-8"};
}

}  // namespace locket::inline v1::dotenv
