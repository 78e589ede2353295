// Rewrites documents for property_test.py, which says what it asks: frames of a length (four bytes, the least first)
// and as many bytes. A request is a format's name, a document, and one frame "text" or "TYPEvalue" for each value, with
// TYPE one of t i b j n, until an empty frame; the answer is "+document", or "-reason".
//
// In the document "$<secret:v12>" stands for value 12; where it is all of a scalar, for one of its type.
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>
#include <locket/resolver/toml.hpp>
#include <locket/resolver/yaml.hpp>

#include "rewrite.hpp"

namespace {

using namespace locket::resolver;  // NOLINT(google-build-using-namespace): a test program of one page

constexpr std::string_view opening = "$<secret:v";

std::optional<std::string> read_frame() {
  std::array<unsigned char, 4> size{};
  if (std::fread(size.data(), 1, size.size(), stdin) != size.size()) return std::nullopt;
  std::size_t length = 0;
  for (const unsigned char byte : std::views::reverse(size)) length = length << 8U | byte;
  std::string bytes(length, '\0');
  if (std::fread(bytes.data(), 1, bytes.size(), stdin) != bytes.size()) return std::nullopt;
  return bytes;
}

void write_frame(std::string_view bytes) {
  for (const unsigned shift : {0U, 8U, 16U, 24U}) std::fputc(static_cast<int>((bytes.size() >> shift) & 0xFFU), stdout);
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

Value::Kind kind_of(char type) {
  switch (type) {
    case 'i': return Value::Kind::Integer;
    case 'b': return Value::Kind::Boolean;
    case 'j': return Value::Kind::Json;
    case 'n': return Value::Kind::Null;
    default: return Value::Kind::Text;
  }
}

// Replaces each "$<secret:vN>" of `text` and keeps the last N.
std::string replaced(std::string_view text, const std::vector<std::string>& values, std::size_t& last) {
  std::string result;
  for (std::size_t at = text.find(opening); at != std::string_view::npos; at = text.find(opening)) {
    result += text.substr(0, at);
    text.remove_prefix(at + opening.size());
    const char* end = std::from_chars(text.data(), text.data() + text.size(), last).ptr;
    result += values.at(last).substr(1);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return result.append(text);
}

std::string answer(const Format& format, std::string_view document, const std::vector<std::string>& values) {
  std::string text;
  const auto value_of = [&](const Scalar& scalar) {
    std::size_t last = 0;
    text = replaced(scalar.text, values, last);
    const bool whole = scalar.text == std::string(opening) + std::to_string(last) + ">";
    return Value{.kind = whole ? kind_of(values.at(last).front()) : Value::Kind::Text, .text = text};
  };
  const auto wanted = [](std::string_view scalar) { return scalar.find(opening) != std::string_view::npos; };
  auto rewritten = rewrite(format, document, wanted, value_of);
  return rewritten ? "+" + *rewritten : "-" + rewritten.error().reason();
}

}  // namespace

int main() {
  const std::map<std::string, FormatPtr, std::less<>> formats{
      {"dotenv", dotenv()}, {"json", json()}, {"toml", toml()}, {"yaml", yaml()}};
  while (const auto name = read_frame()) {
    const auto document = read_frame();
    std::vector<std::string> values;
    auto value = read_frame();
    for (; value && !value->empty(); value = read_frame()) values.push_back(*value);
    if (!document || !value || !formats.contains(*name)) return 1;
    write_frame(answer(*formats.at(*name), *document, values));
    std::fflush(stdout);
  }
}
