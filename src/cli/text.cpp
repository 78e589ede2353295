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

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace locket::cli
