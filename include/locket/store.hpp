#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/call.hpp>
#include <locket/capabilities.hpp>
#include <locket/export.hpp>
#include <locket/info.hpp>
#include <locket/metadata.hpp>
#include <locket/name.hpp>
#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>
#include <locket/secret_data.hpp>
#include <locket/which.hpp>

namespace locket::inline v1 {

/// A place where secrets live: start here. An application opens one (`registry.hpp`, or a header of `backends/`), keeps
/// it in a `std::shared_ptr<SecretStore>`, and reads:
///
///     auto secret = store->get("db/password");
///     if (!secret) std::cerr << secret.error() << '\n';   // what is wrong, and what to do; never a value
///
/// **Threads.** Any method may be called from any thread at once; two calls do not wait for each other longer than the
/// store itself demands. The store outlives its calls; the application sees to that by keeping the shared_ptr.
///
/// **Ownership.** Arguments are borrowed for the time of the call, results own what they hold. A Secret outlives the
/// store.
///
/// **Errors.** Nothing throws but std::bad_alloc. Every operation may return, besides what is said at it:
/// Unauthenticated and PermissionDenied (the store refuses); Unavailable, Network, Throttled, Timeout, Cancelled,
/// MalformedResponse, Integrity, Internal (the store cannot answer); AuditFailed (with an audit around it);
/// NotSupported (see `capabilities()`); InvalidArgument (a bad name, version, stage, page or option).
/// "Not there", "refused", "not logged in" and "unreachable" are different kinds and never stand for each other.
///
/// **Effects.** A failed write says what it did (`Error::effect`): None, unless the answer was lost (Unknown) or
/// something failed after it (Applied).
///
/// **Before any I/O** this class checks the deadline and the stop token, what the store supports, its limits, versions,
/// stages and options, and, in a forked child, answers Unavailable: open the store anew there.
///
/// **Names** may be given as text; parse them once (`Name`) where they are used often.
///
/// ---
///
/// **Writing a backend**: derive, pass the StoreSettings on, and override the `do_` twins of what the store can do;
/// get, list, capabilities, health and describe are pure. A twin is called only with arguments that passed the checks
/// above, from any thread at once, and must say what its comment says; the errors that it returns get the store's
/// description, the operation and the name filled in. Values are read into a SecretBuffer (`secret_buffer.hpp`). Then
/// run the conformance suite (`testing/conformance.hpp`) over it. Whoever wraps a store derives from ForwardingStore or
/// InterceptingStore instead.
class LOCKET_EXPORT SecretStore {
 public:
  virtual ~SecretStore();
  SecretStore(const SecretStore&) = delete;
  SecretStore& operator=(const SecretStore&) = delete;

  /// Reads a secret, its current version unless `options` ask for another.
  /// NotFound: no such secret, version or stage. Deleted: the secret is removed, or that version's value is gone.
  /// Expired: its `expires` has passed, whatever version is asked for. An unknown version is NotFound, also of a
  /// removed secret.
  Result<Secret> get(NameView name, const GetOptions& options = {}, const Call& call = {});
  Result<Secret> get(std::string_view name, const GetOptions& options = {}, const Call& call = {});

  /// Reads many secrets, as cheaply as the store can: as many results as requests, in their order, each as `get` would
  /// have returned it. Never fails as a whole; what is asked for twice is fetched once.
  std::vector<Result<Secret>> get_many(std::span<const GetRequest> requests, const Call& call = {});

  /// Everything about a secret but its value, which is not even read where the store can avoid it
  /// (`stat_without_value`). Metadata are always among it. A removed or expired secret is told, not an error.
  /// NotFound: no such secret, or no such version or stage when `options` name one. Deleted: that version is removed,
  /// with the secret or by itself, or its value is gone.
  Result<SecretInfo> stat(NameView name, const GetOptions& options = {}, const Call& call = {});
  Result<SecretInfo> stat(std::string_view name, const GetOptions& options = {}, const Call& call = {});

  /// The secrets below `prefix`, a page at a time; see Page for what paging promises. The order is the store's own.
  /// InvalidArgument: the page does not belong to this prefix and these options.
  Result<Page<SecretInfo>> list(const Prefix& prefix, const ListOptions& options = {}, const Call& call = {});
  Result<Page<SecretInfo>> list(std::string_view prefix, const ListOptions& options = {}, const Call& call = {});

  /// The versions of a secret, the newest first, a page at a time; those of a removed secret too. NotFound.
  /// Of ListOptions `limit` and `page` count; the others are refused.
  Result<Page<VersionInfo>> versions(NameView name, const ListOptions& options = {}, const Call& call = {});
  Result<Page<VersionInfo>> versions(std::string_view name, const ListOptions& options = {}, const Call& call = {});

  /// Writes a new version, which becomes the current one, and returns it (an empty Version where the store has none).
  /// A removed secret comes back with it; its older versions stay deleted where the store deletes version by version.
  /// Without a patch the metadata stay as they are, an expiry among them. Conflict: the condition does not hold, or the
  /// idempotency key came with other data. LimitExceeded: too large.
  Result<Version> put(NameView name, const SecretData& data, const PutOptions& options = {}, const Call& call = {});
  Result<Version> put(std::string_view name, const SecretData& data, const PutOptions& options = {},
                      const Call& call = {});

  /// Makes the value of an earlier version current again, as a new version, which is returned; nothing is lost.
  /// NotFound: no such secret or version. Deleted: that version's value is gone, or the secret is removed. Conflict.
  Result<Version> rollback(NameView name, const Version& version, const PutOptions& options = {},
                           const Call& call = {});
  Result<Version> rollback(std::string_view name, const Version& version, const PutOptions& options = {},
                           const Call& call = {});

  /// Changes metadata without a new version. NotFound. Deleted. LimitExceeded: too many tags.
  Result<void> annotate(NameView name, const MetadataPatch& patch, const Call& call = {});
  Result<void> annotate(std::string_view name, const MetadataPatch& patch, const Call& call = {});

  /// Removes a secret. Where the store deletes softly, reads of any of its versions answer Deleted from then on, and it
  /// can be brought back; elsewhere it is gone. Removing what is removed already does nothing. NotFound.
  Result<void> remove(NameView name, const Call& call = {});
  Result<void> remove(std::string_view name, const Call& call = {});

  /// Brings back what `remove` took away: the secret, and versions that stayed deleted when a `put` brought it back
  /// before. Does nothing when nothing is deleted. NotFound.
  Result<void> undelete(NameView name, const Call& call = {});
  Result<void> undelete(std::string_view name, const Call& call = {});

  /// Removes a secret with all its versions for good, whether it was removed before or not; its name is free again, and
  /// its versions may count anew. NotFound.
  Result<void> purge(NameView name, const Call& call = {});
  Result<void> purge(std::string_view name, const Call& call = {});

  /// Says that a value did not work ("the database refused this password"), so that a cache fetches it anew. Does
  /// nothing in a store that keeps no copies. Never NotFound.
  Result<void> report_rejected(NameView name, const Version& version, const Call& call = {});
  Result<void> report_rejected(std::string_view name, const Version& version, const Call& call = {});

  /// Whether the store can serve, and its state in a word. A store that answers "not now" (sealed, say) is a Health
  /// that is not ready; an error means that there was no answer.
  Result<Health> health(const Call& call = {});

  /// What this store can do: the same for its whole life.
  const Capabilities& capabilities() const noexcept;

  /// One line for people and logs: kind and place, never a credential: "env (prefix MYAPP_)".
  std::string describe() const;

  /// What the store was opened with. The clock is never null.
  const StoreSettings& settings() const noexcept { return settings_; }

 protected:
  explicit SecretStore(StoreSettings settings = {});

  /// Whether this is a forked child of the process that opened the store: locks, connections and handles are then the
  /// parent's and must be neither used nor closed. Destructors ask; operations need not.
  bool forked() const noexcept;
  /// Cancelled or Timeout when `call` should end now, for twins that work in steps.
  Result<void> check(const Call& call) const;
  /// Tells the observer, if there is one.
  void notify(Event::Kind kind, std::string_view name = {}, const Error* error = nullptr) const noexcept;

  // The twins. Each does what the public method of its name promises; comments say what is left out or added.

  /// Need not look at `expires`, which the public method does.
  virtual Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) = 0;
  /// `requests` holds nothing twice. By default one do_get after the other.
  virtual std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call);
  /// By default reads the value with do_get and forgets it. That is right only without `versions` and `soft_delete`: it
  /// takes the version that it read for the current one, and cannot tell the metadata of a removed secret.
  virtual Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call);
  /// `options.page` is empty or what this twin put into `Page::next`: any text, for instance the last name returned.
  /// The public method binds it to the prefix and the options.
  virtual Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) = 0;
  virtual Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call);
  virtual Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call);
  virtual Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                                      const Call& call);
  virtual Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call);
  virtual Result<void> do_remove(NameView name, const Call& call);
  virtual Result<void> do_undelete(NameView name, const Call& call);
  virtual Result<void> do_purge(NameView name, const Call& call);
  virtual Result<void> do_report_rejected(NameView name, const Version& version, const Call& call);
  virtual Result<Health> do_health(const Call& call) = 0;
  /// The same object for the store's whole life, also in a forked child.
  virtual const Capabilities& do_capabilities() const noexcept = 0;
  /// Must not take a lock: it describes the store in errors, a forked child's among them.
  virtual std::string do_describe() const = 0;

 private:
  template <class Operation>
  auto guarded(std::string_view operation, std::string_view name, const Call& call, Operation run) -> decltype(run());
  Result<void> admit(std::string_view name, const Call& call) const;
  Error explain(Error error, std::string_view operation, std::string_view name) const;
  Result<Secret> enforce_expiry(NameView name, Result<Secret> secret) const;

  StoreSettings settings_;
  std::uint32_t epoch_;
};

}  // namespace locket::inline v1
