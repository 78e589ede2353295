#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <locket/backends/vault_database.hpp>
#include <locket/backends/vault_leases.hpp>
#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/info.hpp>
#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>

#include "client.hpp"

namespace locket::inline v1::vault {

/// The credentials of a role, and until when they are good.
struct Held {
  Secret secret;
  /// None of a static role.
  DynamicLease lease = {};
  /// When they were asked for; a renewal does not change it.
  Clock::Steady issued = {};
  /// When to renew or fetch.
  Clock::Steady due = {};
  /// They are given out until then.
  Clock::Steady ends = {};
};

/// One database engine: asks it, and reads what it answers. Keeps nothing. Thread safety: all methods may be called
/// from any thread at once.
class DatabaseEngine {
 public:
  /// `mount` is one that Paths let pass.
  DatabaseEngine(std::shared_ptr<Client> client, std::string mount, DatabaseRoles kind, std::shared_ptr<Clock> clock);

  Client& client() const noexcept { return *client_; }

  /// NotFound (reason "vault.no_role").
  Result<Held> fetch(NameView role, const Call& call) const;
  /// Longer, as far as Vault goes.
  Result<Held> renew(const Held& held, const Call& call) const;
  /// What can be said of a dynamic role without making a user. NotFound.
  Result<SecretInfo> look_at(NameView role, const Call& call) const;
  /// The names of all, in Vault's order.
  Result<std::vector<std::string>> list(const Call& call) const;

 private:
  std::string path(std::string_view what, std::string_view role = {}) const;
  Result<Held> fetch_once(NameView role, const Call& call) const;
  /// That what is mounted there is no other engine, where Vault says what it is.
  Result<void> check_mount(const Call& call) const;
  Error no_engine() const;
  Error failure(NameView role, const Ask& ask, const Answer& answer) const;
  Error nothing_at(const Ask& ask, const Answer& answer) const;

  const std::shared_ptr<Client> client_;
  const std::string mount_;
  const DatabaseRoles kind_;
  const std::shared_ptr<Clock> clock_;
};

}  // namespace locket::inline v1::vault
