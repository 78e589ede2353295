#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <locket/decorators/forwarding_store.hpp>
#include <locket/decorators/intercepting_store.hpp>
#include <locket/error.hpp>
#include <locket/export.hpp>

namespace locket::inline v1::testing {

/// What goes wrong in one call.
struct Fault {
  enum class When : std::uint8_t {
    Before,  ///< The request got lost: the inner store never hears of the call if there is an error.
    After,   ///< The answer got lost: the inner store has done what it was asked.
  };

  /// What the caller gets; none for a call that is only slow. After a write that the inner store did, an error that
  /// says Effect::None is given Effect::Unknown, because nobody then knows better; say Applied to mean it.
  std::optional<Error> error = {};
  /// How long the call takes longer, on the clock of the store's settings. When the call's deadline comes first, it
  /// waits until then and answers Timeout; when its stop token is triggered, Cancelled.
  std::chrono::nanoseconds delay = {};
  When when = When::Before;
};

/// A store that fails as a script says, to test what is built over stores: caches, fallbacks, retries, audits.
///
///     auto faults = std::make_shared<locket::testing::FaultStore>(inner);
///     faults->next(locket::OperationKind::Get, {.error = network_down}, 2);   // twice, then all is well again
///     faults->always(locket::OperationKind::Put, {.error = lost, .when = locket::testing::Fault::When::After});
///     …
///     CHECK(faults->calls(locket::OperationKind::Get) == 3);
///
/// A `get_many` is as many Gets: the script decides over each item, and those that it lets pass are read in one call.
/// What SecretStore itself refuses (a passed deadline, a bad version) reaches neither the script nor the counts.
/// Thread safety: all methods may be called from any thread at once, the script's too.
class LOCKET_EXPORT FaultStore : public ForwardingStore {
 public:
  /// `inner` must not be null.
  explicit FaultStore(std::shared_ptr<SecretStore> inner);
  ~FaultStore() override;

  /// The next `times` calls of `kind` meet `fault`, after those that were announced before.
  void next(OperationKind kind, Fault fault, std::size_t times = 1);
  /// Every call of `kind` for which nothing is announced meets `fault`.
  void always(OperationKind kind, Fault fault);
  /// Every call of any kind for which nothing is announced meets `fault`: the store is down.
  void always(const Fault& fault);
  /// Forgets the script; the counts stay.
  void recover();

  /// How many calls of `kind` came, whatever became of them.
  std::size_t calls(OperationKind kind) const;
  /// How many calls of any kind came.
  std::size_t calls() const;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override;
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override;
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override;
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override;
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override;
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override;
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override;
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override;
  Result<void> do_remove(NameView name, const Call& call) override;
  Result<void> do_undelete(NameView name, const Call& call) override;
  Result<void> do_purge(NameView name, const Call& call) override;
  Result<void> do_report_rejected(NameView name, const Version& version, const Call& call) override;
  Result<Health> do_health(const Call& call) override;

 private:
  struct Script;

  template <class Run>
  auto faulty(OperationKind kind, const Call& call, Run run) -> decltype(run());
  std::optional<Error> strike(const Fault& fault, const Call& call) const;

  std::unique_ptr<Script> script_;
};

}  // namespace locket::inline v1::testing
