#include <locket/place.hpp>

#include <ostream>

namespace locket::inline v1 {

std::string Place::to_string() const {
  std::string text = file;
  for (const std::size_t number : {line, column}) {
    if (number == 0) break;
    if (!text.empty()) text += ':';
    text += std::to_string(number);
  }
  if (path.empty()) return text;
  return text.empty() ? path : text + ": " + path;
}

std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.to_string();
}

}  // namespace locket::inline v1
