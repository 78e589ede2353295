#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <locket/error.hpp>
#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret_data.hpp>
#include <locket/store.hpp>
#include <locket/testing/manual_clock.hpp>

/// The conformance suite: what `store.hpp` promises, as clauses that any store can be held to. It needs no test
/// framework. To test a backend of your own, say how to open one that holds given secrets, and run it:
///
///     // find_package(locket REQUIRED COMPONENTS core testing), then link locket::locket and locket::testing
///     #include <iostream>
///     #include <locket/testing/conformance.hpp>
///     #include "my_store.hpp"
///
///     class MyFixture : public locket::testing::Fixture {
///       locket::Result<std::shared_ptr<locket::SecretStore>> open(std::span<const locket::testing::Seed> seeds)
///       override {
///         auto store = std::make_shared<MyStore>();
///         if (auto put = locket::testing::put_all(*store, seeds); !put) return put.error();
///         return store;
///       }
///     };
///
///     int main() {
///       MyFixture fixture;
///       return locket::testing::run_all(fixture, std::cout).failed == 0 ? 0 : 1;
///     }
///
/// A clause runs where the store's `capabilities()` say that it can what the clause is about; elsewhere it is skipped
/// and says why. With a test framework, loop over `clauses()` and make each a case of its own.
namespace locket::inline v1::testing {

/// A secret that a store is to hold from the start.
struct Seed {
  std::string name;
  SecretData data;
};

/// Facts about a store in which it may differ from the contract, because what it stands on cannot do better. Each names
/// what is then not demanded; whoever documents the store tells its users the same.
struct Quirks {
  /// Different names may be the same secret, as `db/password` and `db_password` in the environment. Names that differ
  /// only in case, or in which of `/ . - _` they have, are then never seeded together.
  bool names_fold = false;
  /// A name that others lie below is a secret itself, with a field for each of them, as a folder of mounted files is:
  /// with `db/user` there is a `db`, and fields `user` and `password` of `db` are secrets `db/user` and `db/password`.
  /// Such names may then be read and listed besides the seeds, a seed with fields need not be listed itself, and a name
  /// is never seeded together with names below it.
  bool folders_are_secrets = false;
  /// Everything is bytes: what was seeded as fields is read as bytes that are a JSON object. Fields are then not
  /// seeded.
  bool bytes_only = false;
  /// A value cannot hold a NUL byte, as in the environment. None is then seeded.
  bool no_nul = false;
  /// Fields come back in an order of the store's own, and their JSON object is written anew. Without it the object is
  /// kept to the byte.
  bool reorders_fields = false;
  /// A secret is removed as a whole and not version by version, as in AWS and Azure: when a `put` brings it back, its
  /// older versions are back too.
  bool removes_as_a_whole = false;
  /// `created` and `updated` are what the service's own clock said, perhaps in whole seconds, and not the injected one.
  /// They are then only held to never going back.
  bool service_times = false;
};

/// What the suite must know about a kind of store: how to open one. Called on one thread, though the stores are used
/// from many.
class LOCKET_EXPORT Fixture {
 public:
  virtual ~Fixture();

  /// A new store that holds exactly these secrets. Called once or more by each clause, and only after all stores that
  /// were opened before have been destroyed. Names are at most as long as the store's capabilities say and consist of
  /// segments of at most 63 bytes, values are at most 64 KiB; nothing else is asked of a store by seeding than what its
  /// capabilities and quirks say that it holds. An error, or null, fails the clause.
  virtual Result<std::shared_ptr<SecretStore>> open(std::span<const Seed> seeds) = 0;

  /// Another handle on what the last `open` made, as another process would open it, whether the first handle is still
  /// there or not: what was written is kept, and each sees what the others write. Null, which is the default, when
  /// there is nothing to open anew (memory): the clauses on that are skipped.
  virtual Result<std::shared_ptr<SecretStore>> open_again();

  /// The clock of the store that was opened last; null when it runs on the machine's. With one, the moment of expiry is
  /// tested too.
  virtual ManualClock* clock();

  /// Where the store cannot keep to the letter of the contract.
  virtual Quirks quirks() const;

  /// A store that holds these secrets and whose every read or write of them must fail with `kind`: PermissionDenied (a
  /// valid identity that may nothing), Unauthenticated, Network, Unavailable, Integrity or MalformedResponse. Null,
  /// which is the default, when this cannot be arranged: the clause is skipped. Called once for each kind.
  virtual Result<std::shared_ptr<SecretStore>> open_failing(ErrorCode kind, std::span<const Seed> seeds);

 protected:
  Fixture() = default;
  Fixture(const Fixture&) = default;
  Fixture& operator=(const Fixture&) = default;
};

/// Puts all of them: what `Fixture::open` does where the store can be written to.
LOCKET_EXPORT Result<void> put_all(SecretStore& store, std::span<const Seed> seeds);

/// What became of a clause.
struct Verdict {
  enum class Outcome : std::uint8_t {
    Passed,
    Failed,   ///< `text` says what was expected, what was seen, and which sentence of which header says so.
    Skipped,  ///< `text` says why: what the store cannot do, or the fixture cannot arrange.
  };
  Outcome outcome = Outcome::Passed;
  std::string text = {};

  bool failed() const noexcept { return outcome == Outcome::Failed; }
  bool skipped() const noexcept { return outcome == Outcome::Skipped; }
};

/// One demand of the contract and the test of it.
class LOCKET_EXPORT Clause {
 public:
  /// How the suite itself writes a clause down; nothing for its users.
  struct Definition;
  explicit Clause(const Definition& definition) noexcept : definition_(&definition) {}

  /// What it is called, the same over releases as far as possible: "remove/twice".
  std::string_view name() const noexcept;
  /// What it demands, in the words of the header.
  std::string_view demands() const noexcept;
  /// The header that says so, below `include/locket/`: "store.hpp".
  std::string_view header() const noexcept;

  /// Opens stores with the fixture and tries it. Never throws but std::bad_alloc; an exception out of the store is a
  /// failure. May run beside other clauses on other threads only with a fixture of its own. Nothing sleeps; a clause
  /// that uses threads or child processes has ended them when it returns.
  Verdict run(Fixture& fixture) const;

 private:
  const Definition* definition_;
};

/// All clauses, those on one subject beside each other. The same for the whole life of the program.
LOCKET_EXPORT std::span<const Clause> clauses();

/// How many clauses ended how.
struct Tally {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
};

/// Runs all clauses, writes those that failed or were skipped to `out`, and then one closing line.
LOCKET_EXPORT Tally run_all(Fixture& fixture, std::ostream& out);

}  // namespace locket::inline v1::testing
