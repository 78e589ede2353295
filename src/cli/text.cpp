#include "text.hpp"

#include <fmt/format.h>

namespace locket::cli {

std::string printable(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c >= ' ' && c < '\x7f') {
      result += c;
    } else {
      result += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string in_quotes(std::string_view text, std::string_view quote) {
  std::string result = "'";
  for (char c : text) {
    if (c == '\'') {
      result += quote;
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  return in_quotes(text);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace locket::cli
