// Secrets into 1 MB of YAML, beside libyaml's parser over the same text.
#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>
#include <yaml.h>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/resolver/yaml.hpp>

using namespace locket;

namespace {

constexpr int references = 100;

std::string name_text(int i) {
  return "team/service-" + std::to_string(i) + "/password";
}

// Services with some settings each; every hundredth part of the text has a reference.
std::string document() {
  constexpr std::size_t size = 1'000'000;
  std::string text;
  int written = 0;
  for (int i = 0; text.size() < size; ++i) {
    const std::string service = "service-" + std::to_string(i);
    const bool has_reference = text.size() >= size / references * static_cast<std::size_t>(written);
    text += service + ":\n  image: \"registry.example/" + service + ":1.2\"  # the release\n  ports: [8080, 9090]\n";
    text += "  environment:\n  - name: LOG_LEVEL\n    value: debug\n  - name: PASSWORD\n    value: ";
    text += has_reference ? "$<secret:" + name_text(written++) + ">\n" : "none\n";
  }
  return text;
}

void parse_yaml_1mb(benchmark::State& state) {
  const std::string text = document();
  for (auto _ : state) {
    yaml_parser_t parser;
    yaml_event_t event;
    if (yaml_parser_initialize(&parser) == 0) std::abort();
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    for (bool more = true; more;) {
      if (yaml_parser_parse(&parser, &event) == 0) std::abort();
      more = event.type != YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
  }
}
BENCHMARK(parse_yaml_1mb);

void resolve_yaml_1mb(benchmark::State& state) {
  const std::string text = document();
  const auto store = *memory::open();
  for (int i = 0; i < references; ++i) {
    if (!store->put(name_text(i), SecretData::bytes("0123456789abcdef: #"))) std::abort();
  }
  const auto resolver = *Resolver::create(store);
  for (auto _ : state) {
    auto resolved = resolver.resolve_document(text, *resolver::yaml());
    if (!resolved || !resolved->changed()) std::abort();
    benchmark::DoNotOptimize(resolved);
  }
}
BENCHMARK(resolve_yaml_1mb);

}  // namespace

BENCHMARK_MAIN();
