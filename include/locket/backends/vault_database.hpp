#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <locket/backends/vault.hpp>
#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

/// The credentials of Vault's database engine as secrets: the program asks for the role's, and connects.
///
///     auto store = vault::open_database({.server = {.address = "https://vault.example:8200", .login = …}});
///     auto app = (*store)->get("app");                                    // the role "app"
///     connect(app->field("username")->expose(), app->field("password")->expose());
///
/// **Dynamic roles** (`creds/ROLE`): Vault makes a database user. All callers are given the same one until a third of
/// its life is left; then the lease is renewed as long as Vault does that, and when it has come to its max TTL, another
/// user is made. While that is done, by the call that comes next (no thread of locket's runs) and by one of them alone,
/// the others go on with what there is. So credentials that were just read have about a third of their life left at
/// least, unless Vault cannot be reached; a connection should not be kept longer than `expires`. A request for a user
/// is sent once: when its answer is lost, `get` fails, and a user that Vault may have made ends with its lease.
///
/// **Static roles** (`static-creds/ROLE`): a user that is there, whose password Vault changes from time to time. Kept
/// until then, but looked at from time to time in the last part of it. Vault says when in whole seconds: within the
/// last two seconds and until it has changed the password, each `get` asks anew, and what it returns has no `expires`
/// and the status "rotating": it may work for a day, when Vault cannot reach the database, or for no second more.
///
/// **What is read** has the fields `username` and `password` (or what else the role's credential type has:
/// `rsa_private_key`, …) and in its metadata `type` "basic_auth", `expires` (the lease's end, or the rotation; nothing
/// is released after it) and, of a static role, `last_rotated` and `rotation_period`. There are no versions.
///
/// **`report_rejected`** lets go of what is held, whatever version it names, unless it was fetched less than a second
/// ago: then others have reported the one before it.
///
/// **`stat`** of a dynamic role makes no user: it asks for the role itself (policy: "read" of MOUNT/roles/ROLE), unless
/// its credentials are held. `list` tells the roles (policy: "list" of MOUNT/roles or MOUNT/static-roles). The rest of
/// the store's operations are NotSupported.
namespace locket::inline v1::vault {

enum class DatabaseRoles : std::uint8_t { Dynamic, Static };

struct DatabaseOptions {
  /// Where Vault is and how to log in. `mount`, `prefix`, `is_kv2` and `max_versions`, which are about the KV engine,
  /// stay as they are: other values are InvalidArgument (reason "vault.option").
  Options server = {};
  /// Where the database engine is mounted. Any number of segments, written as a name is.
  std::string mount = "database";
  DatabaseRoles roles = DatabaseRoles::Dynamic;
  /// Whether the leases that are held when the store is destroyed are revoked, in two seconds at most and without a
  /// word when that fails. Not by default: a Secret outlives its store, and what Vault lent ends by itself. Never done
  /// in a forked child. Refused for static roles, which have no leases.
  bool revoke_at_close = false;
};

/// Opens the store; see vault::open for what is sent and the errors, to which come
///   vault.no_role (NotFound)               there is no such role of that kind
///   vault.no_mount (InvalidArgument)       no database engine is mounted there; `list` and `stat`, to which a KV
///                                          engine answers as one without roles, ask sys/internal/ui/mounts/MOUNT
///                                          when nothing is there. A policy need not allow that.
/// A name that no role can have (Vault's have one segment of letters, digits, '_', '-' and '.') is NotFound.
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open_database(DatabaseOptions options);

/// What a `vault-db:` or `vault-db+http:` (loopback only) URL asks for: `vault-db://host:8200/MOUNT?kind=static&…`. Its
/// options are those of `vault:` URLs (see options_of) without prefix and kv, and besides kind (dynamic, which is the
/// default, or static) and revoke-at-close (true or false).
LOCKET_EXPORT Result<DatabaseOptions> database_options_of(const StoreUrl& url, const StoreSettings& settings = {});

}  // namespace locket::inline v1::vault
