// The resolver's speed beside its limits.
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/store.hpp>

using namespace locket;

namespace {

constexpr int references = 10'000;

std::string name_text(int i) {
  return "team/service-" + std::to_string(i) + "/password";
}

std::shared_ptr<SecretStore> filled_store() {
  auto store = *memory::open();
  for (int i = 0; i < references; ++i) {
    if (!store->put(name_text(i), SecretData::bytes("0123456789abcdef0123456789abcdef"))) std::abort();
  }
  return store;
}

// A configuration of 1 MB, with the '$' and '<' of one.
std::string plain_text() {
  std::string text;
  while (text.size() < 1'000'000) {
    text += "  <add key=\"connection\" value=\"Server=${HOST};Price=5$;Path=/var/lib/app\" /> # secret: none\n";
  }
  return text;
}

void memmem_plain_text(benchmark::State& state) {
  const std::string text = plain_text();
  for (auto _ : state) benchmark::DoNotOptimize(::memmem(text.data(), text.size(), "$<secret:", 9));
}
BENCHMARK(memmem_plain_text);

void resolve_plain_text(benchmark::State& state) {
  const std::string text = plain_text();
  const auto resolver = *Resolver::create(*memory::open());
  for (auto _ : state) benchmark::DoNotOptimize(resolver.resolve(text));
}
BENCHMARK(resolve_plain_text);

void get_10000(benchmark::State& state) {
  const auto store = filled_store();
  std::vector<std::string> names;
  for (int i = 0; i < references; ++i) names.push_back(name_text(i));
  for (auto _ : state) {
    for (const std::string& name : names) benchmark::DoNotOptimize(store->get(name));
  }
}
BENCHMARK(get_10000);

void resolve_document(benchmark::State& state, const std::string& before, const std::string& after,
                      const resolver::Format& format) {
  std::string text = "[";
  for (int i = 0; i < references; ++i) text += (i == 0 ? "" : ",\n") + before + name_text(i) + after;
  text += "]";
  const auto resolver = *Resolver::create(filled_store());
  for (auto _ : state) {
    auto resolved = resolver.resolve_document(text, format);
    if (!resolved || !resolved->changed()) std::abort();
    benchmark::DoNotOptimize(resolved);
  }
}

void resolve_10000_in_text(benchmark::State& state) {
  resolve_document(state, "password: $<secret:", ">", *resolver::text());
}
BENCHMARK(resolve_10000_in_text);

void resolve_10000_in_json(benchmark::State& state) {
  resolve_document(state, "\"$<secret:", ">\"", *resolver::json());
}
BENCHMARK(resolve_10000_in_json);

}  // namespace

BENCHMARK_MAIN();
