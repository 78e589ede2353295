#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/decorators/forwarding_store.hpp>
#include <locket/export.hpp>

namespace locket::inline v1 {

/// Every operation of a SecretStore. `get_many` is as many Gets.
enum class OperationKind : std::uint8_t {
  Get,
  Stat,
  List,
  Versions,
  Put,
  Rollback,
  Annotate,
  Remove,
  Undelete,
  Purge,
  ReportRejected,
  Health,
};
/// All of them, for tables and tests.
inline constexpr std::array all_operations{
    OperationKind::Get,      OperationKind::Stat,     OperationKind::List,           OperationKind::Versions,
    OperationKind::Put,      OperationKind::Rollback, OperationKind::Annotate,       OperationKind::Remove,
    OperationKind::Undelete, OperationKind::Purge,    OperationKind::ReportRejected, OperationKind::Health};

/// "get", "report_rejected": the method's name. Never allocates.
LOCKET_EXPORT std::string_view to_string(OperationKind kind) noexcept;
/// Whether it may change the store.
LOCKET_EXPORT bool writes(OperationKind kind) noexcept;

/// What is about to be done. Borrowed for the time of the hook.
struct Operation {
  OperationKind kind = OperationKind::Get;
  /// Ties `before` to `after`: unique within this store object.
  std::uint64_t id = 0;
  /// The secret's name; the prefix for List; empty for Health.
  std::string_view name = {};
  /// Which version is read (Get, Stat) or meant (Rollback, ReportRejected).
  Which which = Current{};
  /// Put, Rollback: changes metadata too, so that a policy asks as for Annotate as well.
  bool annotates = false;
  /// List: tells metadata, as Stat does.
  bool metadata = false;
  /// List: tells removed secrets too.
  bool deleted = false;
};

/// What came of it.
struct Outcome {
  Operation operation = {};
  /// Null when it went well. Also set, with what `before` answered, when the operation was refused there.
  const Error* error = nullptr;
  /// Whether `before` refused it, so that the inner store never heard of it.
  bool refused = false;
  /// The version that was read or written, where there is one.
  std::optional<Version> version = {};
};

/// A store that sees each operation before and after it happens and can refuse it, or hold back its result: an audit, a
/// policy, a rate limit. The twins are final and all go through the two hooks, so that no operation can be forgotten,
/// not even one that a later release adds.
/// Thread safety: as SecretStore; the hooks are called from any thread at once.
class LOCKET_EXPORT InterceptingStore : public ForwardingStore {
 public:
  /// `inner` must not be null.
  explicit InterceptingStore(std::shared_ptr<SecretStore> inner);

 protected:
  /// Before the inner store is asked, once for each operation (each item of a `get_many`). An error refuses it: the
  /// caller gets that error, the inner store is not asked.
  virtual Result<void> before(const Operation& operation, const Call& call) = 0;

  /// After it, once for each public call, before anything is released: one Outcome, or, for a `get_many`, one for each
  /// item. An error takes the place of every result of the call; its `effect` is set to Applied where a write went
  /// well.
  virtual Result<void> after(std::span<const Outcome> outcomes, const Call& call) = 0;

  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) final;
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) final;
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) final;
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) final;
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) final;
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) final;
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options, const Call& call) final;
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) final;
  Result<void> do_remove(NameView name, const Call& call) final;
  Result<void> do_undelete(NameView name, const Call& call) final;
  Result<void> do_purge(NameView name, const Call& call) final;
  Result<void> do_report_rejected(NameView name, const Version& version, const Call& call) final;
  Result<Health> do_health(const Call& call) final;

 private:
  template <class Run>
  auto intercepted(Operation operation, const Call& call, Run run) -> decltype(run());
  std::uint64_t next_id() noexcept { return next_id_.fetch_add(1, std::memory_order_relaxed); }

  std::atomic<std::uint64_t> next_id_ = 1;
};

}  // namespace locket::inline v1
