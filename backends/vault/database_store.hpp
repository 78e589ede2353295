#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <locket/backends/vault_database.hpp>
#include <locket/store.hpp>

#include "database_engine.hpp"
#include "held_credentials.hpp"

namespace locket::inline v1::vault {

/// What stores of database credentials can do.
Capabilities database_abilities(DatabaseRoles kind);

/// The schemes "vault-db" and "vault-db+http".
void add_database_schemes(Registry& registry);

/// The credentials of a database engine's roles; see vault_database.hpp.
class DatabaseStore final : public SecretStore {
 public:
  DatabaseStore(const DatabaseOptions& options, std::shared_ptr<Client> client, std::string description);
  DatabaseStore(const DatabaseStore&) = delete;
  DatabaseStore& operator=(const DatabaseStore&) = delete;
  ~DatabaseStore() override;

  /// How many roles it has something of.
  std::size_t remembered() const;

 private:
  using SharedCredentials = std::shared_ptr<HeldCredentials>;
  /// By role; those that were given out at least once.
  struct Roles {
    std::mutex mutex;
    std::map<std::string, SharedCredentials, std::less<>> all;
  };

  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override;
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override;
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override;
  Result<void> do_report_rejected(NameView name, const Version& version, const Call& call) override;
  Result<Health> do_health(const Call& call) override;
  const Capabilities& do_capabilities() const noexcept override { return capabilities_; }
  std::string do_describe() const override { return description_; }

  SharedCredentials find(NameView name) const;
  SharedCredentials find_or_make(NameView name);
  /// Of a `get` that failed. `gone`: there is no such role (any more).
  void forget(NameView name, SharedCredentials credentials, bool gone);
  void revoke_all() noexcept;

  const Capabilities capabilities_;
  const DatabaseRoles kind_;
  const bool revoke_at_close_;
  const std::string description_;
  DatabaseEngine engine_;
  std::unique_ptr<Roles> roles_;
};

}  // namespace locket::inline v1::vault
