// A test of the suite: each store that is broken on purpose is caught by the clause that it breaks, and by no other.
#include "broken_stores.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/testing/conformance.hpp>
#include <locket/testing/fault_store.hpp>

namespace {

using namespace locket;
using testing::Seed;

class BrokenFixture final : public testing::Fixture {
 public:
  explicit BrokenFixture(const broken::Store& broken) : broken_(broken) {}

  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed> seeds) override {
    last_ = memory::open({.settings = {.clock = clock_}}).value();
    auto store = broken_.around(last_);
    if (auto put = testing::put_all(*store, seeds); !put) return std::move(put).error();
    return store;
  }
  Result<std::shared_ptr<SecretStore>> open_again() override { return broken_.around(last_); }
  Result<std::shared_ptr<SecretStore>> open_failing(ErrorCode kind, std::span<const Seed>) override {
    auto failing = std::make_shared<testing::FaultStore>(memory::open({}).value());
    failing->always({.error = Error({.code = kind, .message = "failing as the test wants it"})});
    return broken_.around(failing);
  }
  testing::ManualClock* clock() override { return clock_.get(); }

 private:
  const broken::Store& broken_;
  std::shared_ptr<SecretStore> last_;
  std::shared_ptr<testing::ManualClock> clock_ = std::make_shared<testing::ManualClock>();
};

bool among(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void is_caught(const broken::Store& broken) {
  CAPTURE(broken.wrong);
  BrokenFixture fixture(broken);
  for (const testing::Clause& clause : testing::clauses()) {
    const testing::Verdict verdict = clause.run(fixture);
    CAPTURE(clause.name(), verdict.text);
    // Under ThreadSanitizer nothing can be said of forked children.
    if (among(broken.perhaps, clause.name()) || (verdict.skipped() && clause.name().starts_with("fork/"))) continue;
    CHECK(verdict.failed() == among(broken.caught_by, clause.name()));
  }
}

}  // namespace

TEST_CASE("a store that is broken in what it reads is caught by the clause that it breaks") {
  for (const broken::Store& broken : broken::reading()) is_caught(broken);
}
TEST_CASE("a store that is broken in what it lists is caught by the clause that it breaks") {
  for (const broken::Store& broken : broken::listing()) is_caught(broken);
}
TEST_CASE("a store that is broken in what it writes is caught by the clause that it breaks") {
  for (const broken::Store& broken : broken::writing()) is_caught(broken);
}
TEST_CASE("a store that is broken in what it says is caught by the clause that it breaks") {
  for (const broken::Store& broken : broken::describing()) is_caught(broken);
}

TEST_CASE("a store that is not broken is caught by nothing, also when it can be made to fail") {
  is_caught({.wrong = "nothing", .around = [](std::shared_ptr<SecretStore> inner) { return inner; }});
}

TEST_CASE("the table of broken stores names clauses that there are") {
  std::set<std::string_view> names;
  for (const testing::Clause& clause : testing::clauses()) CHECK(names.insert(clause.name()).second);
  for (const auto& table : {broken::reading(), broken::listing(), broken::writing(), broken::describing()}) {
    for (const broken::Store& broken : table) {
      for (const std::string_view name : broken.caught_by) CHECK(names.contains(name));
      for (const std::string_view name : broken.perhaps) CHECK(names.contains(name));
    }
  }
}
