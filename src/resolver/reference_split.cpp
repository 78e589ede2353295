#include "resolver/reference_split.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_shown = 120;
constexpr std::string_view variable_opener = "$<env:";

class Splitter {
 public:
  Splitter(std::string_view text, std::size_t at, const Form& form, Delimiters delimiters, Split& parts, Wrong& wrong)
      : text_(text), at_(at), form_(form), delimiters_(delimiters), parts_(parts), wrong_(wrong) {}

  bool run() {
    if (!take(parts_.name, true)) return false;
    while (!done() && (text_[at_] == '#' || text_[at_] == '?')) {
      if (!part(text_[at_] == '#')) return false;
    }
    if (!done() && text_[at_] == '|' && !fallback()) return false;
    if (done() || text_[at_] != form_.end) return unterminated();
    parts_.end = at_ + 1;
    return true;
  }

 private:
  bool done() const { return at_ == text_.size(); }

  bool part(bool is_field) {
    bool& seen = is_field ? parts_.has_field : parts_.has_options;
    if (seen) {
      return fail("reference.twice", is_field ? "a second '#'" : "a second '?'",
                  is_field ? "name one field; one inside another is a JSON pointer: #/outer/inner"
                           : "join the options with '&'");
    }
    seen = true;
    ++at_;
    return take(is_field ? parts_.field : parts_.options, false);
  }

  // Everything up to the next part.
  bool take(std::string_view& into, bool variables) {
    const std::size_t start = at_;
    for (; !done() && !ends_part(text_[at_]); ++at_) {
      if (text_[at_] == '\n' || text_[at_] == '\r') return unterminated();
      if (text_[at_] == '$' && !pass_dollar(variables)) return false;
    }
    into = text_.substr(start, at_ - start);
    return true;
  }

  bool ends_part(char c) const { return c == '#' || c == '?' || c == '|' || c == form_.end; }

  // A '$' is allowed where it begins no reference; a variable is passed as a whole, to its own '>'.
  bool pass_dollar(bool variables) {
    const std::string_view rest = text_.substr(at_);
    if (opens_reference(rest)) return nested();
    if (!rest.starts_with(variable_opener)) return true;
    if (!variables) {
      return fail("reference.variable", "a variable outside of the name", "$<env:VAR> can stand in the name alone");
    }
    const std::size_t end = rest.find_first_of("<>\r\n", variable_opener.size());
    if (end == std::string_view::npos || rest[end] != '>') {
      return fail("reference.variable", "a '$<env:' that is never closed", "write $<env:VAR>");
    }
    at_ += end;
    return true;
  }

  bool opens_reference(std::string_view rest) const {
    return rest.starts_with(angle_form.opener) ||
           (delimiters_ == Delimiters::AngleAndBraces && rest.starts_with(brace_form.opener));
  }

  bool fallback() {
    parts_.has_default = true;
    ++at_;
    const bool is_quoted = !done() && (text_[at_] == '"' || text_[at_] == '\'');
    return is_quoted ? quoted() : bare();
  }

  bool bare() {
    const std::size_t start = at_;
    for (; !done() && text_[at_] != form_.end; ++at_) {
      if (text_[at_] == '\n' || text_[at_] == '\r') return unterminated();
      if (text_[at_] == '$' && opens_reference(text_.substr(at_))) return nested();
    }
    parts_.text = text_.substr(start, at_ - start);
    return true;
  }

  bool quoted() {
    parts_.quote = text_[at_++];
    const std::size_t start = at_;
    while (!done() && text_[at_] != parts_.quote) at_ += escapes(at_) ? 2U : 1U;
    if (done()) {
      return fail("reference.unterminated", "the quote that opens its default is never closed",
                  "close the quote before the reference's end");
    }
    parts_.text = text_.substr(start, at_ - start);
    ++at_;
    if (!done() && text_[at_] == form_.end) return true;
    return fail("reference.default", "there is more behind the quote that closes its default",
                fmt::format("write '{}' right behind the quote", form_.end));
  }

  bool escapes(std::size_t at) const {
    return parts_.quote == '"' && text_[at] == '\\' && at + 1 < text_.size() &&
           (text_[at + 1] == '"' || text_[at + 1] == '\\');
  }

  bool unterminated() {
    return fail("reference.unterminated", "it is never closed",
                fmt::format("close it with '{}' on the same line; if the text itself is meant, write $${}", form_.end,
                            form_.opener.substr(1)));
  }
  bool nested() {
    return fail(
        "reference.nested", "another reference begins before it is closed",
        fmt::format("references do not nest: close it with '{}', and quote a default that holds such text", form_.end));
  }
  bool fail(std::string reason, std::string message, std::string hint) {
    wrong_ = {.reason = std::move(reason), .message = std::move(message), .hint = std::move(hint)};
    return false;
  }

  std::string_view text_;
  std::size_t at_;
  Form form_;
  Delimiters delimiters_;
  Split& parts_;
  Wrong& wrong_;
};

// What is passed at once: a whole variable, or one byte. A '|' ends a variable that is never closed, and then begins
// the default.
std::size_t variable_size(std::string_view here) {
  if (!here.starts_with(variable_opener)) return 1;
  const std::size_t end = here.find_first_of(">|\r\n");
  return end == std::string_view::npos || here[end] != '>' ? 1 : end + 1;
}

// An option that people take for the default's, up to its value; 0 where none begins.
std::size_t foreign_default(std::string_view here) {
  if (here[0] != '?' && here[0] != '&') return 0;
  for (const std::string_view word : {"default=", "fallback=", "else="}) {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    if (std::ranges::equal(here.substr(1, word.size()), word, same)) return 1 + word.size();
  }
  return 0;
}

}  // namespace

bool split(std::string_view text, std::size_t begin, const Form& form, Delimiters delimiters, Split& parts,
           Wrong& wrong) {
  return Splitter(text, begin + form.opener.size(), form, delimiters, parts, wrong).run();
}

std::string shown(std::string_view text, std::size_t begin, const Form& form) {
  const std::string_view rest = text.substr(begin, max_shown);
  std::size_t end = form.opener.size();
  while (end < rest.size()) {
    const std::string_view here = rest.substr(end);
    if (here.starts_with(angle_form.opener) || here.starts_with(brace_form.opener)) break;
    if (here[0] == '\n' || here[0] == '\r') break;
    if (here[0] == form.end) return printable(rest.substr(0, end + 1));
    if (here[0] == '|') return printable(rest.substr(0, end + 1)) + "…" + form.end;
    if (const std::size_t size = foreign_default(here); size != 0) {
      return printable(rest.substr(0, end + size)) + "…" + form.end;
    }
    end += variable_size(here);
  }
  return printable(rest.substr(0, end)) + "…";
}

}  // namespace locket::inline v1::resolver
