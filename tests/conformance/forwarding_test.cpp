// A bare ForwardingStore changes nothing; neither do two, which bind the pages of a list twice; neither does a
// FaultStore without a script.
#include <locket/decorators/forwarding_store.hpp>
#include <locket/testing/fault_store.hpp>

#include "clause_cases.hpp"
#include "memory_fixture.hpp"

namespace {

using locket::ForwardingStore;
using locket::SecretStore;

// Two of them over one store are two handles on it.
class Forwarded final : public conformance::MemoryFixture {
 public:
  locket::Result<std::shared_ptr<SecretStore>> open_again() override {
    return std::make_shared<ForwardingStore>(last_);
  }

 private:
  std::shared_ptr<SecretStore> around(std::shared_ptr<SecretStore> store) override {
    return std::make_shared<ForwardingStore>(last_ = std::move(store));
  }

  std::shared_ptr<SecretStore> last_;
};

class ForwardedTwice final : public conformance::MemoryFixture {
  std::shared_ptr<SecretStore> around(std::shared_ptr<SecretStore> store) override {
    return std::make_shared<ForwardingStore>(std::make_shared<ForwardingStore>(std::move(store)));
  }
};

class Faultless final : public conformance::MemoryFixture {
 public:
  locket::Result<std::shared_ptr<SecretStore>> open_failing(locket::ErrorCode kind,
                                                            std::span<const locket::testing::Seed> seeds) override {
    auto opened = open(seeds);
    if (!opened) return opened;
    auto failing = std::make_shared<locket::testing::FaultStore>(std::move(*opened));
    failing->always({.error = locket::Error({.code = kind, .message = "failing as the test wants it"})});
    return failing;
  }

 private:
  std::shared_ptr<SecretStore> around(std::shared_ptr<SecretStore> store) override {
    return std::make_shared<locket::testing::FaultStore>(std::move(store));
  }
};

const conformance::ClauseCases once("forwarding", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<Forwarded>();
});
const conformance::ClauseCases twice("forwarding twice", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<ForwardedTwice>();
});
const conformance::ClauseCases faultless("fault store", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<Faultless>();
});

}  // namespace
