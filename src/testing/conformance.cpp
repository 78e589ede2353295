#include <locket/testing/conformance.hpp>

#include <exception>
#include <new>
#include <ostream>
#include <vector>

#include "testing/clauses.hpp"
#include "testing/trial.hpp"

namespace locket::inline v1::testing {

Fixture::~Fixture() = default;
Result<std::shared_ptr<SecretStore>> Fixture::open_again() {
  return std::shared_ptr<SecretStore>();
}
ManualClock* Fixture::clock() {
  return nullptr;
}
Quirks Fixture::quirks() const {
  return {};
}
Result<std::shared_ptr<SecretStore>> Fixture::open_failing(ErrorCode, std::span<const Seed>) {
  return std::shared_ptr<SecretStore>();
}

Result<void> put_all(SecretStore& store, std::span<const Seed> seeds) {
  for (const Seed& seed : seeds) {
    if (auto put = store.put(seed.name, seed.data); !put) return std::move(put).error();
  }
  return {};
}

std::string_view Clause::name() const noexcept {
  return definition_->name;
}
std::string_view Clause::demands() const noexcept {
  return definition_->demands;
}
std::string_view Clause::header() const noexcept {
  return definition_->header;
}

Verdict Clause::run(Fixture& fixture) const {
  Trial trial(fixture);
  try {
    if (trial.admits(definition_->needs)) definition_->body(trial);
    trial.close();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& thrown) {
    trial.fail("nothing to be thrown but std::bad_alloc", thrown.what());
  } catch (...) {
    trial.fail("nothing to be thrown but std::bad_alloc", "an exception");
  }
  return trial.verdict(*definition_);
}

std::array<Theme, 22> all_themes() {
  return {capability_clauses(), reading_clauses(),  many_clauses(),      value_clauses(),       name_clauses(),
          limit_clauses(),      writing_clauses(),  condition_clauses(), idempotency_clauses(), version_clauses(),
          rollback_clauses(),   metadata_clauses(), expiry_clauses(),    removal_clauses(),     recovery_clauses(),
          listing_clauses(),    paging_clauses(),   ending_clauses(),    error_clauses(),       thread_clauses(),
          handle_clauses(),     fork_clauses()};
}

std::span<const Clause> clauses() {
  static const std::vector<Clause> all = [] {
    std::vector<Clause> list;
    for (const auto theme : all_themes()) {
      for (const Clause::Definition& definition : theme) list.emplace_back(definition);
    }
    return list;
  }();
  return all;
}

Tally run_all(Fixture& fixture, std::ostream& out) {
  Tally tally;
  for (const Clause& clause : clauses()) {
    const Verdict verdict = clause.run(fixture);
    if (verdict.failed()) {
      ++tally.failed;
      out << "FAILED  " << clause.name() << '\n' << verdict.text << "\n\n";
    } else if (verdict.skipped()) {
      ++tally.skipped;
      out << "skipped " << clause.name() << ": " << verdict.text << '\n';
    } else {
      ++tally.passed;
    }
  }
  out << tally.passed << " passed, " << tally.failed << " failed, " << tally.skipped << " skipped\n";
  return tally;
}

}  // namespace locket::inline v1::testing
