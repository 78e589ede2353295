// The core's speed beside its limits: what the machine needs for the same work without locket.
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include <benchmark/benchmark.h>

#include <locket/backends/memory.hpp>
#include <locket/store.hpp>

using namespace locket;

namespace {

constexpr int secrets = 1000;

std::string name_text(int i) {
  return "team/service-" + std::to_string(i) + "/password";
}

std::vector<std::string> name_texts() {
  std::vector<std::string> texts;
  for (int i = 0; i < secrets; ++i) texts.push_back(name_text(i));
  return texts;
}

std::shared_ptr<SecretStore> filled_store() {
  auto store = *memory::open();
  for (const std::string& text : name_texts()) {
    if (!store->put(text, SecretData::bytes("0123456789abcdef0123456789abcdef"))) std::abort();
  }
  return store;
}

// The limit of parsing a name: looking at each byte once and hashing the text.
void scan_and_hash(benchmark::State& state) {
  const auto texts = name_texts();
  std::size_t i = 0;
  for (auto _ : state) {
    const std::string_view text = texts[i++ % secrets];
    bool good = true;
    for (char c : text) good &= c > ' ' && c < '\x7f';
    benchmark::DoNotOptimize(good);
    benchmark::DoNotOptimize(std::hash<std::string_view>{}(text));
  }
}
BENCHMARK(scan_and_hash);

void parse_name(benchmark::State& state) {
  const auto texts = name_texts();
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(NameView::parse(texts[i++ % secrets]));
}
BENCHMARK(parse_name);

void copy_shared_ptr(benchmark::State& state) {
  const auto value = std::make_shared<std::string>("0123456789abcdef");
  for (auto _ : state) {
    auto copy = value;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(copy_shared_ptr);

void copy_secret(benchmark::State& state) {
  const Secret secret(SecretData::bytes("0123456789abcdef"));
  for (auto _ : state) {
    auto copy = secret;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(copy_secret);

// The limit of a read from memory: find the key in a map, copy a shared_ptr.
void map_find(benchmark::State& state) {
  std::unordered_map<std::string, std::shared_ptr<std::string>> map;
  const auto texts = name_texts();
  for (const std::string& text : texts) map[text] = std::make_shared<std::string>("0123456789abcdef0123456789abcdef");
  std::size_t i = 0;
  for (auto _ : state) {
    auto value = map.find(texts[i++ % secrets])->second;
    benchmark::DoNotOptimize(value);
  }
}
BENCHMARK(map_find);

void memory_get_by_name(benchmark::State& state) {
  const auto store = filled_store();
  std::vector<Name> names;
  for (const std::string& text : name_texts()) names.push_back(*Name::parse(text));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(store->get(names[i++ % secrets]));
}
BENCHMARK(memory_get_by_name);

void memory_get_by_text(benchmark::State& state) {
  const auto store = filled_store();
  const auto texts = name_texts();
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(store->get(texts[i++ % secrets]));
}
BENCHMARK(memory_get_by_text);

void malloc_value(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(std::make_unique<char[]>(32));
}
BENCHMARK(malloc_value);

void arena_value(benchmark::State& state) {
  const std::string_view bytes = "0123456789abcdef0123456789abcdef";
  for (auto _ : state) benchmark::DoNotOptimize(SecretValue(bytes));
}
BENCHMARK(arena_value);

}  // namespace

// With a single thread ever started, libstdc++ counts references without atomics, and every row would look too good.
int main(int argc, char** argv) {
  std::thread([] {}).join();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
