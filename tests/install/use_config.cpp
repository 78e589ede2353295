#include <locket/backends/memory.hpp>
#include <locket/config/choice.hpp>

// A configuration file gives a store a name; what is wrong with one is told with its place.
int main() {
  namespace config = locket::config;
  locket::Registry registry;
  locket::memory::add_schemes(registry);
  const auto good = config::StoreConfig::parse("stores.dev.url = 'memory:'", config::Format::Toml, "good.toml");
  const auto bad = config::StoreConfig::parse("{\"store\": 1}", config::Format::Json, "bad.json");
  const bool told = !bad && bad.error().causes().at(0).place()->column == 2;
  const bool opened = good && good->open(registry, "dev");
  const bool chosen = config::open_default(registry, {.store = "memory:", .variables = config::Variables()}).ok();
  return told && opened && chosen ? 0 : 1;
}
