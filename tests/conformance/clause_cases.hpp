#pragma once

#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/testing/conformance.hpp>

/// The conformance suite as Catch2's test cases, one for each clause, so that each is counted, and those that are
/// skipped say why:
///
///     const conformance::ClauseCases cases("env", [] { return std::make_unique<EnvFixture>(); });
///
/// at namespace scope. Each case has a fixture of its own. `tags` are Catch2's: "[unprivileged]".
namespace conformance {

using MakeFixture = std::unique_ptr<locket::testing::Fixture> (*)();

class ClauseCase final : public Catch::ITestInvoker {
 public:
  ClauseCase(const locket::testing::Clause& clause, MakeFixture make) : clause_(clause), make_(make) {}

  void invoke() const override {
    const locket::testing::Verdict verdict = clause_.run(*make_());
    if (verdict.skipped()) SKIP(verdict.text);
    if (verdict.failed()) FAIL(verdict.text);
    SUCCEED();
  }

 private:
  locket::testing::Clause clause_;
  MakeFixture make_;
};

class ClauseCases {
 public:
  ClauseCases(const std::string& store, MakeFixture make, const std::string& tags = "") {
    for (const locket::testing::Clause& clause : locket::testing::clauses()) {
      const std::string name = store + ": " + std::string(clause.name());
      const Catch::AutoReg registered(Catch::Detail::make_unique<ClauseCase>(clause, make), CATCH_INTERNAL_LINEINFO,
                                      Catch::StringRef(), Catch::NameAndTags(name, tags));
    }
  }
};

}  // namespace conformance
