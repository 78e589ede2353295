// Resolves a document in each format with a secret in it, releases everything, and looks for the secret in its own
// memory: neither the resolver nor the libraries that parse for it may leave a copy, nor the arena keep one.
// No secret is a constant of this program: each is computed where it is to live.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/resolver/toml.hpp>
#include <locket/resolver/yaml.hpp>
#include <locket/secret_buffer.hpp>

namespace {

using locket::Resolver;
using locket::SecretBuffer;
using locket::SecretData;
using locket::SecretValue;

constexpr std::size_t digits = 24;

char digit(std::size_t place) {
  const std::uint64_t mixed = (place + 11) * 0x9E3779B97F4A7C15;
  return static_cast<char>('a' + (mixed ^ (mixed >> 29U)) % 26);
}

// The digits with `around` them, so that a format has to quote and to escape.
SecretValue secret(std::string_view before, std::string_view behind) {
  SecretBuffer buffer;
  buffer.append(before);
  for (std::size_t place = 0; place < digits; ++place) buffer.push_back(digit(place));
  buffer.append(behind);
  return std::move(buffer).finish();
}

// Compared digit by digit, so that looking makes no copy.
std::size_t count_in(const char* begin, const char* end) {
  std::size_t count = 0;
  for (const char* at = begin; at + digits <= end; ++at) {
    at = static_cast<const char*>(std::memchr(at, digit(0), static_cast<std::size_t>(end - at)));
    if (at == nullptr || at + digits > end) break;
    std::size_t same = 0;
    while (same < digits && at[same] == digit(same)) ++same;
    count += same == digits ? 1U : 0U;
  }
  return count;
}

struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

std::vector<Mapping> writable_mappings() {
  std::vector<Mapping> mappings;
  std::FILE* maps = std::fopen("/proc/self/maps", "r");
  std::array<char, 512> line{};
  while (maps != nullptr && std::fgets(line.data(), line.size(), maps) != nullptr) {
    Mapping mapping;
    std::array<char, 5> rights{};
    const int read = std::sscanf(line.data(), "%lx-%lx %4s", &mapping.begin, &mapping.end, rights.data());
    if (read == 3 && rights[0] == 'r' && rights[1] == 'w') mappings.push_back(mapping);
  }
  if (maps != nullptr) std::fclose(maps);
  return mappings;
}

// What cannot be read (a page of a device) holds no secret. What is read goes through one page that is not looked at.
std::size_t count_in_memory() {
  static std::vector<char> page(std::size_t{1} << 20U);
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) return std::string_view::npos;
  std::size_t count = 0;
  for (const Mapping& mapping : writable_mappings()) {
    const std::size_t step = page.size() - digits;
    for (std::uintptr_t at = mapping.begin; at < mapping.end; at += step) {
      const std::size_t wanted = std::min<std::size_t>(page.size(), mapping.end - at);
      const ssize_t got = ::pread(memory, page.data(), wanted, static_cast<off_t>(at));
      if (got > 0) count += count_in(page.data(), page.data() + got);
      std::fill(page.begin(), page.end(), '\0');
    }
  }
  ::close(memory);
  return count;
}

struct Document {
  locket::resolver::FormatPtr format;
  std::string text;
};

std::vector<Document> documents() {
  using namespace locket::resolver;
  std::string all;
  for (const char* each :
       {"$<secret:x>", "<$<secret:y>>", "$<secret:f#k>", "$<secret:x?enc=json>$<secret:x?enc=base64>",
        "$<secret:y?enc=shell>$<secret:x?enc=url>", "$<secret:j#/k/0>"}) {
    all += (all.empty() ? "'" : ", '") + std::string(each) + '\'';
  }
  std::string quoted = all;
  std::ranges::replace(quoted, '\'', '"');
  const std::string typed = "$<secret:j?type=json>";
  return {{text(), all},
          {json(), "[" + quoted + ", \"" + typed + "\"]"},
          {yaml(), "a: [" + all + "]\nb: " + typed + "\nc: |\n  $<secret:y>\nd: $<secret:x>\n"},
          {toml(), "a = [" + all + "]\nb = '" + typed + "'\nc = \"\"\"\n$<secret:y>\"\"\"\n"},
          {dotenv(), "A=$<secret:x>\nB='<$<secret:y>>'\nC=$<secret:f#k>\nD=\"$<secret:j>\"\n"}};
}

std::shared_ptr<locket::SecretStore> filled_store() {
  auto store = *locket::memory::open();
  const auto put = [&](const char* name, const SecretValue& value) {
    return store->put(name, SecretData::bytes(value.expose())).ok();
  };
  const bool good = put("x", secret("", "")) && put("y", secret("a\"b # ", "\nc")) &&
                    put("f", secret(R"({"k": ")", R"("})")) && put("j", secret(R"({"k": [")", R"(", 1]})"));
  return good ? store : nullptr;
}

// Of every way that a value takes: into the text, to the caller by path, and into errors.
bool resolve(const Document& document, std::size_t& seen) {
  const auto resolver = Resolver::create(filled_store());
  if (!resolver) return false;
  const auto resolved = resolver->resolve_document(document.text, *document.format);
  const auto values = resolver->resolve_values(document.text, *document.format);
  const auto checked = resolver->check_document(document.text, *document.format);
  const auto failed = resolver->resolve("$<secret:x?type=int>$<secret:y?decode=hex>$<secret:j#/none>$<secret:x#none>");
  if (!resolved || !values || !checked || failed) return false;
  seen += count_in(resolved->expose().data(), resolved->expose().data() + resolved->expose().size());
  return true;
}

}  // namespace

int main() {
  {
    const SecretValue held = secret("", "");
    if (count_in_memory() == 0) return std::puts("a secret that is held is not found: this program cannot see"), 1;
  }
  int failures = 0;
  for (const Document& document : documents()) {
    std::size_t seen = 0;
    const bool good = resolve(document, seen);
    const std::size_t left = count_in_memory();
    std::printf("%s: %zu times in the document, %zu copies left\n", std::string(document.format->name()).c_str(), seen,
                left);
    if (!good || seen == 0 || left != 0) ++failures;
  }
  return failures;
}
