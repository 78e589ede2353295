#include <locket/resolver/format.hpp>

#include <algorithm>

namespace locket::inline v1::resolver {
namespace {

bool is_plain(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte == '-';
}

std::string quoted(const std::string& key) {
  if (!key.empty() && std::ranges::all_of(key, is_plain)) return key;
  std::string text = "\"";
  for (const char byte : key) {
    if (byte == '"' || byte == '\\') text += '\\';
    text += byte;
  }
  return text + '"';
}

}  // namespace

std::string to_string(const Path& path) {
  std::string text;
  for (const PathStep& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      text += '[' + std::to_string(*index) + ']';
    } else {
      if (!text.empty()) text += '.';
      text += quoted(std::get<std::string>(step));
    }
  }
  return text;
}

Format::~Format() = default;

Result<std::vector<Scalar>> Format::values(std::string_view document) const {
  return find(document, [](std::string_view) { return true; });
}

}  // namespace locket::inline v1::resolver
