#include "clause_cases.hpp"
#include "memory_fixture.hpp"

namespace {

using conformance::ClauseCases;
using conformance::MemoryFixture;

const ClauseCases as_opened("memory", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<MemoryFixture>();
});

// Every limit within reach of the suite.
const ClauseCases small("memory with small limits", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<MemoryFixture>(locket::memory::Options{.max_versions = 4, .max_value = 256});
});

const ClauseCases unlimited("memory without limits", []() -> std::unique_ptr<locket::testing::Fixture> {
  return std::make_unique<MemoryFixture>(locket::memory::Options{.max_versions = 0, .max_value = 0});
});

}  // namespace
