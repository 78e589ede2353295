#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <locket/backends/vault.hpp>
#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>
#include <locket/secret_data.hpp>
#include <locket/secret_value.hpp>

/// What Vault makes on demand and lends for a while (its dynamic secrets engines), and what it hands on in a wrapping
/// token. For database credentials that are simply to be there, see vault_database.hpp.
///
///     auto leases = vault::Leases::open({.address = "https://vault.example:8200", .login = …});
///     auto aws = leases->read("aws/creds/deploy");         // aws->secret, aws->lease
///     switch (aws->lease.step(clock.steady())) {           // now and then, on a thread of the application's
///       case vault::LeaseStep::None: break;
///       case vault::LeaseStep::Renew: aws->lease = …leases->renew(aws->lease); break;
///       case vault::LeaseStep::ReadAnew: aws = leases->read("aws/creds/deploy"); break;
///     }
namespace locket::inline v1::vault {

/// What is to be done about a lease.
enum class LeaseStep : std::uint8_t {
  None,      ///< More than a third of its life is left.
  Renew,     ///< A third or less is left, and Vault renews it.
  ReadAnew,  ///< It has ended, or is about to and cannot be renewed (any further).
};

/// How long Vault lets what it lent live. Copies share the id.
/// Thread safety: as a std::shared_ptr.
struct LOCKET_EXPORT DynamicLease {
  static constexpr Clock::Steady never = Clock::Steady::max();

  /// What renews and revokes it, which makes it as sensitive as a credential; no error and no log of locket's has it.
  /// Null: nothing was lent (a KV secret, a static role), and nothing ends.
  std::shared_ptr<const SecretValue> id = {};
  /// When it was asked for, on the clock of the Options. Vault's own count begins later, so it never ends earlier.
  Clock::Steady since = {};
  /// How long it lives from then on: 0 to ten years, whatever Vault says.
  std::chrono::seconds duration = {};
  /// The longest `duration` that it had, from which its thirds are counted.
  std::chrono::seconds longest = {};
  bool renewable = false;
  /// The last renewal gave less than was asked for: it has come to its max TTL, and renewing brings no more.
  bool capped = false;

  /// When it ends; `never` without an id.
  Clock::Steady ends() const noexcept;
  /// When a third of its life is left: of what Vault granted at its best, so that a capped renewal's rest, however
  /// short, is not used to its end. `never` without an id.
  Clock::Steady due() const noexcept;
  LeaseStep step(Clock::Steady now) const noexcept;
};

/// What was read, and until when it is good. The secret's `expires` is the lease's end on the calendar.
struct Leased {
  Secret secret;
  DynamicLease lease = {};
};

/// What is good for one look at what is wrapped in it.
struct Wrapped {
  SecretValue token = {};
  /// How long it can be unwrapped, from now on.
  std::chrono::seconds lifetime = {};
  /// The path that was wrapped; "sys/wrapping/wrap" for data. Tell it to the one who unwraps, so that he can see
  /// whether somebody opened the token and wrapped something else.
  std::string path = {};
};

class Session;

/// Reads, renews and revokes what Vault lends, and wraps and unwraps. Keeps nothing of it, and does nothing by itself.
///
/// **Errors** besides those of vault.hpp and the transport's, by `reason`:
///   vault.lease_gone (Expired)            Vault knows no such lease (any more): read anew
///   vault.not_renewable (NotSupported)    that lease cannot be renewed: read anew when it ends
///   vault.no_lease (InvalidArgument)      there is no lease to renew or revoke
///   vault.option (InvalidArgument)        less than a second to wrap or renew for
///   vault.path (InvalidArgument)          what is no path
///   vault.no_mount, vault.no_namespace (InvalidArgument), vault.not_found (NotFound)   nothing is there
///   vault.wrapped_token (Unauthenticated) a wrapping token was used before or has expired; or something else is in it
///                                         than was expected: somebody else may have read it
///   vault.credential (Unauthenticated)    what was given as a wrapping token cannot be one
///   vault.rejected (InvalidArgument)      Vault takes it for wrong; its own log says why
/// A read whose answer is lost may leave a lease that nobody holds; it ends by itself. The transport repeats reads and
/// renewals, and neither wraps nor unwraps twice.
///
/// Thread safety: all methods may be called from any thread at once, but not while it is moved or assigned to. In a
/// forked child all answer Unavailable (reason "store.forked").
class LOCKET_EXPORT Leases {
 public:
  /// With the options of a store, without what is about the KV engine (`mount`, `prefix`, `is_kv2`, `max_versions`):
  /// InvalidArgument (reason "vault.option"). Its token is another one than a store's; `keep_alive` may serve both.
  /// Errors: vault::open's.
  static Result<Leases> open(Options options);

  Leases(Leases&&) noexcept;
  Leases& operator=(Leases&&) noexcept;
  Leases(const Leases&) = delete;
  Leases& operator=(const Leases&) = delete;
  ~Leases();

  /// Reads `path` below /v1/, mount and all: "database/creds/app". The secret is what the answer's `data` hold.
  Result<Leased> read(std::string_view path, const Call& call = {});

  /// Asks for more time: `increment` from now on, else what the role gives. Vault may give less (see
  /// DynamicLease::capped), which is no error. `increment` is at least a second.
  Result<DynamicLease> renew(const DynamicLease& lease, std::optional<std::chrono::seconds> increment = {},
                             const Call& call = {});

  /// Ends the lease now, and returns when what was lent works no more. Revoking what is gone already does nothing.
  Result<void> revoke(const DynamicLease& lease, const Call& call = {});

  /// Reads `path`, and has Vault keep the answer in a wrapping token for `ttl`, at least a second, instead of giving
  /// it: nobody sees it before the one who unwraps.
  Result<Wrapped> wrap(std::string_view path, std::chrono::seconds ttl, const Call& call = {});
  /// The same with what the program gives, kept as the KV engine keeps it (see vault.hpp).
  Result<Wrapped> wrap(const SecretData& data, std::chrono::seconds ttl, const Call& call = {});

  /// What is in a wrapping token, once; what was lent began to age when it was wrapped. `path`, where it is not empty,
  /// is what Wrapped::path was: a token that came from elsewhere is refused unopened. Needs no login.
  Result<Leased> unwrap(const SecretValue& token, std::string_view path = {}, const Call& call = {});

 private:
  explicit Leases(std::unique_ptr<Session> session) noexcept;

  std::unique_ptr<Session> session_;
};

}  // namespace locket::inline v1::vault
