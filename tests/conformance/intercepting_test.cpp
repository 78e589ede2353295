// An InterceptingStore that lets everything pass changes nothing.
#include <locket/decorators/intercepting_store.hpp>

#include "clause_cases.hpp"
#include "memory_fixture.hpp"

namespace {

using namespace locket;

class LetsPass final : public InterceptingStore {
 public:
  using InterceptingStore::InterceptingStore;

 protected:
  Result<void> before(const Operation&, const Call&) override { return {}; }
  Result<void> after(std::span<const Outcome>, const Call&) override { return {}; }
};

// One that refuses everything, as a policy would: what it answers is what the caller gets.
class Refuses final : public InterceptingStore {
 public:
  Refuses(std::shared_ptr<SecretStore> inner, ErrorCode code) : InterceptingStore(std::move(inner)), code_(code) {}

 protected:
  Result<void> before(const Operation&, const Call&) override {
    return Error({.code = code_, .message = "refused by the test"});
  }
  Result<void> after(std::span<const Outcome>, const Call&) override { return {}; }

 private:
  ErrorCode code_;
};

class Intercepted final : public conformance::MemoryFixture {
 public:
  Result<std::shared_ptr<SecretStore>> open_failing(ErrorCode kind, std::span<const testing::Seed> seeds) override {
    auto opened = open(seeds);
    if (!opened) return opened;
    return std::make_shared<Refuses>(std::move(*opened), kind);
  }

 private:
  std::shared_ptr<SecretStore> around(std::shared_ptr<SecretStore> store) override {
    return std::make_shared<LetsPass>(std::move(store));
  }
};

const conformance::ClauseCases cases("intercepting", []() -> std::unique_ptr<testing::Fixture> {
  return std::make_unique<Intercepted>();
});

}  // namespace
