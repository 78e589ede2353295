#include "resolver_yaml/style.hpp"

#include <algorithm>
#include <array>

namespace locket::inline v1::resolver {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, text) != words.end();
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
bool is_octal_digit(char byte) {
  return byte >= '0' && byte <= '7';
}
bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
bool is_hexadecimal_digit(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}
char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

template <class Predicate>
std::size_t skip(std::string_view& text, Predicate belongs) {
  const auto end = std::ranges::find_if_not(text, belongs);
  const auto size = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(size);
  return size;
}
bool skip_one(std::string_view& text, std::string_view bytes) {
  if (text.empty() || bytes.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool is_based_integer(std::string_view text) {
  const bool octal = text.starts_with("0o");
  if (text.size() < 3 || (!octal && !text.starts_with("0x"))) return false;
  return std::ranges::all_of(text.substr(2), octal ? is_octal_digit : is_hexadecimal_digit);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?   An integer is one without '.' and exponent.
Kind number_kind(std::string_view text) {
  skip_one(text, "+-");
  const std::size_t whole = skip(text, is_digit);
  if (whole != 0 && text.empty()) return Kind::Integer;
  const bool point = skip_one(text, ".");
  const std::size_t fraction = point ? skip(text, is_digit) : 0;
  if (whole + fraction == 0) return Kind::Text;
  if (text.empty()) return Kind::Float;
  if (!skip_one(text, "eE")) return Kind::Text;
  skip_one(text, "+-");
  return skip(text, is_digit) != 0 && text.empty() ? Kind::Float : Kind::Text;
}

bool is_special_float(std::string_view text) {
  constexpr std::array<std::string_view, 3> not_a_number{".nan", ".NaN", ".NAN"};
  constexpr std::array<std::string_view, 3> infinity{".inf", ".Inf", ".INF"};
  if (is_one_of(text, not_a_number)) return true;
  skip_one(text, "+-");
  return is_one_of(text, infinity);
}

// What some parser of some version reads as something else, in whatever case.
bool is_word_of_yaml(std::string_view text) {
  constexpr std::array<std::string_view, 12> words{"y",    "n",     "yes",  "no",  "on",  "off",
                                                   "true", "false", "null", "nan", "inf", "infinity"};
  constexpr std::size_t longest = 8;
  std::array<char, longest> lowered{};
  if (text.size() > longest) return false;
  std::ranges::transform(text, lowered.begin(), lower);
  return is_one_of(std::string_view(lowered.data(), text.size()), words);
}

}  // namespace

Kind core_kind(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 5> nulls{"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 6> booleans{"true", "True", "TRUE", "false", "False", "FALSE"};
  if (is_one_of(text, nulls)) return Kind::Null;
  if (is_one_of(text, booleans)) return Kind::Boolean;
  if (is_based_integer(text)) return Kind::Integer;
  return is_special_float(text) ? Kind::Float : number_kind(text);
}

// Begins with a letter or a slash, so that it is no number, date, indicator or document marker; no blank or comment
// sign at all; ':' only where old and new parsers take it for a letter: in block context, before another letter.
bool is_surely_plain(std::string_view text, bool flow) noexcept {
  if (text.empty() || (!is_letter(text.front()) && text.front() != '/') || is_word_of_yaml(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_letter(text[i]) || is_digit(text[i]) ||
        std::string_view("_-./@+=").find(text[i]) != std::string_view::npos) {
      continue;
    }
    const bool colon = text[i] == ':' && !flow && i + 1 < text.size() && (is_letter(text[i + 1]) || text[i + 1] == '/');
    if (!colon) return false;
  }
  return true;
}

}  // namespace locket::inline v1::resolver
