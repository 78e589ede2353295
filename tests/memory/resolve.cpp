// Resolves a document in each format with a secret in it, releases everything, and looks for the secret in its own
// memory: neither the resolver nor the libraries that parse for it may leave a copy, nor the arena keep one.
// No secret is a constant of this program: each is computed where it is to live.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/resolver/toml.hpp>
#include <locket/resolver/yaml.hpp>
#include <locket/secret_buffer.hpp>

#include "own_memory.hpp"

namespace {

using locket::Resolver;
using locket::SecretBuffer;
using locket::SecretData;
using locket::SecretValue;

const locket_test::Canary canary(11);

// The canary with something around it, so that a format has to quote and to escape.
SecretValue secret(std::string_view before, std::string_view behind) {
  SecretBuffer buffer;
  buffer.append(before);
  canary.append_to(buffer);
  buffer.append(behind);
  return std::move(buffer).finish();
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
  seen += canary.count_in(resolved->expose().data(), resolved->expose().data() + resolved->expose().size());
  return true;
}

}  // namespace

int main() {
  {
    const SecretValue held = secret("", "");
    if (canary.count_in_memory() == 0)
      return std::puts("a secret that is held is not found: this program cannot see"), 1;
  }
  int failures = 0;
  for (const Document& document : documents()) {
    std::size_t seen = 0;
    const bool good = resolve(document, seen);
    const std::size_t left = canary.count_in_memory();
    std::printf("%s: %zu times in the document, %zu copies left\n", std::string(document.format->name()).c_str(), seen,
                left);
    if (!good || seen == 0 || left != 0) ++failures;
  }
  return failures;
}
