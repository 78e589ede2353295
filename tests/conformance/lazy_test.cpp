#include <memory>

#include <locket/backends/memory.hpp>
#include <locket/config/store_config.hpp>

#include "clause_cases.hpp"

namespace {

using locket::Result;
using locket::SecretStore;

// A store of a configuration file, opened by its first use, behaves as the store itself.
class LazyFixture final : public locket::testing::Fixture {
 public:
  Result<std::shared_ptr<SecretStore>> open(std::span<const locket::testing::Seed> seeds) override {
    auto inner = locket::memory::open();
    if (auto put = locket::testing::put_all(**inner, seeds); !put) return put.error();
    locket::Registry registry;
    registry.add(
        {.name = "held", .open = [inner](const locket::StoreUrl&, const locket::StoreSettings&) { return inner; }});
    const auto config = locket::config::StoreConfig::parse("stores.a.url = 'held:'", locket::config::Format::Toml, "f",
                                                           {.variables = locket::config::Variables()});
    if (!config) return config.error();
    return config->open_lazily(registry).at("a");
  }
};

const conformance::ClauseCases lazy("lazy", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<LazyFixture>();
});

}  // namespace
