#include <locket/place.hpp>

#include <ostream>
#include <string_view>

namespace locket::inline v1 {
namespace {

// A file's name, or a key of a document, must not forge lines or move the cursor where an error is read; letters of
// every script stay.
std::string without_control(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      shown += c;
    } else {
      shown += {'\\', 'x', digits[byte >> 4U], digits[byte & 0xfU]};
    }
  }
  return shown;
}

}  // namespace

std::string Place::to_string() const {
  std::string text = without_control(file);
  for (const std::size_t number : {line, column}) {
    if (number == 0) break;
    if (!text.empty()) text += ':';
    text += std::to_string(number);
  }
  if (path.empty()) return text;
  return text.empty() ? without_control(path) : text + ": " + without_control(path);
}

std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.to_string();
}

}  // namespace locket::inline v1
