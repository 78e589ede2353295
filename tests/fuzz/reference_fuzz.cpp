// The grammar of references: any text is read or refused, means one thing, and can be escaped.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>

using namespace locket;

namespace {

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

const Resolver& resolver_over_nothing() {
  static const Resolver resolver =
      *Resolver::create(*memory::open(), {.delimiters = Delimiters::AngleAndBraces, .environment = {{{"E", "e"}}}});
  return resolver;
}

bool opens(std::string_view text, std::size_t at) {
  return text.substr(at).starts_with("<secret:") || text.substr(at).starts_with("{secret:");
}

// Every '$' of a run before an opener twice.
std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && text[end] == '$') ++end;
    result.append((opens(text, end) ? 2 : 1) * (end - at), '$');
    if (end < text.size()) result += text[end++];
    at = end;
  }
  return result;
}

void parse(std::string_view text) {
  auto reference = Reference::parse(text, Delimiters::AngleAndBraces);
  if (!reference) return;
  require(resolver_over_nothing().references(text).ok(), "one reference is a text with one");
  if (reference->fallback) return;  // which is not told
  const std::string printed = reference->to_string();
  auto again = Reference::parse(printed);
  if (!again) {
    require(reference->field.find('>') != std::string::npos, "what is printed can be parsed");
    return;
  }
  require(again->to_string() == printed, "what is printed means the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  parse(text);
  auto resolved = resolver_over_nothing().resolve(text);
  auto found = resolver_over_nothing().references(text);
  if (found) {
    for (const FoundReference& each : *found) require(each.place.line > 0 && each.place.column > 0, "a place is known");
  } else {
    require(!resolved, "what is badly written is not resolved");
  }
  const std::string twice = escaped(text);
  auto plain = resolver_over_nothing().resolve(twice);
  require(plain.ok() && plain->expose() == text, "any text can be escaped");
  return 0;
}
