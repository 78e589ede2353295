#include <memory>
#include <utility>

#include <locket/config/store_config.hpp>

#include "clause_cases.hpp"
#include "memory_fixture.hpp"

namespace {

using locket::Result;
using locket::SecretStore;

// A store of a configuration file, which is opened by its first use.
std::shared_ptr<SecretStore> lazy(const std::shared_ptr<SecretStore>& store) {
  locket::Registry registry;
  registry.add({.name = "held", .open = [store](const locket::StoreUrl&, const locket::StoreSettings&) {
                  return Result<std::shared_ptr<SecretStore>>(store);
                }});
  const auto config = locket::config::StoreConfig::parse("stores.a.url = 'held:'", locket::config::Format::Toml, "f",
                                                         {.variables = locket::config::Variables()});
  return config->open_lazily(registry, store->settings()).at("a");
}

// It behaves as the store itself; two of them over one store are two handles on it.
class Lazy final : public conformance::MemoryFixture {
 public:
  Result<std::shared_ptr<SecretStore>> open_again() override { return lazy(last_); }

 private:
  std::shared_ptr<SecretStore> around(std::shared_ptr<SecretStore> store) override {
    last_ = std::move(store);
    return lazy(last_);
  }

  std::shared_ptr<SecretStore> last_;
};

const conformance::ClauseCases cases("lazy", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<Lazy>();
});

}  // namespace
