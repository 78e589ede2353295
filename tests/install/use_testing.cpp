#include <iostream>

#include <locket/backends/memory.hpp>
#include <locket/testing/conformance.hpp>

// The example of conformance.hpp, with a store that everybody has.
class MyFixture : public locket::testing::Fixture {
  locket::Result<std::shared_ptr<locket::SecretStore>> open(std::span<const locket::testing::Seed> seeds) override {
    auto store = locket::memory::open();
    if (auto put = locket::testing::put_all(**store, seeds); !put) return put.error();
    return store;
  }
};

int main() {
  MyFixture fixture;
  return locket::testing::run_all(fixture, std::cout).failed == 0 ? 0 : 1;
}
