#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include <locket/backends/local_key_provider.hpp>
#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/random.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>
#include <locket/store.hpp>

/// Secrets in one encrypted SQLite file, the embedded default: no server, any number of threads and processes.
///
///     namespace local = locket::local;
///     auto store = local::open({.path = "store.db", .key = local::KeyFile{"store.key"}, .create_if_missing = true});
///     (*store)->put("db/password", locket::SecretData::bytes("hunter2"));
///
/// What stands in the file, and what it withstands, is in backends/local/FORMAT.md. Names, the number of versions and
/// the sizes of values to 64 bytes are not hidden from who has the file. A rollback of the whole file to an older copy
/// shows only against an anchor. Administration (keys, backup, verification) is `local::Admin` (local_admin.hpp).
namespace locket::inline v1::local {

/// What a key file may be.
enum class KeyFilePolicy : std::uint8_t {
  Own,      ///< A regular file of this user's, no link, mode 0600 or stricter.
  Mounted,  ///< As Kubernetes mounts it: links are followed, root's and readable by others are fine; writable never.
};

/// The root key in a file: one line, "locket-key-1:" and 48 characters. A path that ends in ".next" beside it may stand
/// for it while a rekey is finished (see Admin::rekey).
struct KeyFile {
  std::string path = {};
  KeyFilePolicy policy = KeyFilePolicy::Own;
};
/// The root key in an environment variable: the line of a key file, or 64 hexadecimal digits. Read once, by `open`.
struct KeyVariable {
  std::string name = {};
};
/// What Argon2id costs for a new store; an existing one says it itself. The default is RFC 9106's second recommended
/// option; the least that is accepted is 19,456 KiB and 2 passes with 1 lane, for small devices.
struct KdfCost {
  std::uint32_t memory_kib = 65536;
  std::uint32_t passes = 3;
  std::uint32_t lanes = 4;
};
/// The root key is made from a passphrase with Argon2id: its bytes exactly as they are, at least one.
struct Passphrase {
  SecretValue text = {};
  KdfCost cost = {};
};
/// A passphrase in an environment variable. Read once, by `open`.
struct PassphraseVariable {
  std::string name = {};
  KdfCost cost = {};
};
/// The root key is wrapped by a key provider.
struct ProvidedKey {
  std::shared_ptr<KeyProvider> provider = {};
};
/// Where the root key comes from.
using KeySource = std::variant<KeyFile, KeyVariable, Passphrase, PassphraseVariable, ProvidedKey>;

/// How to open a store. Move-only, since it may hold a passphrase.
struct Options {
  StoreSettings settings = {};
  /// The store's file. It belongs to this user and nobody else may read it (0600); no link.
  std::string path = {};
  KeySource key = {};
  /// With true, `open` creates the store where there is none. Without, a mistyped path is an error and not a new, empty
  /// store.
  bool create_if_missing = false;
  /// Versions of a secret that are kept, 1 to 1,000; one more drops the oldest.
  std::uint32_t history = 10;
  /// What a passphrase may cost to check, in MiB: the file is not trusted, and says how much memory to take. 19 to
  /// 65,536.
  std::uint32_t max_kdf_memory = 256;
  /// How long a call waits for other threads and processes when it has no earlier deadline of its own.
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(5);
  /// A file that remembers the store's latest state, so that a rollback of the whole store file is found. Keep it where
  /// the store's thief cannot write. Every writer must use it. Empty: none.
  std::string anchor = {};
  /// With true, `open` starts the anchor from the store as it is when there is no such file; without, that is an error.
  bool start_anchor = false;
  /// Keys and nonces come from it. Null means `system_random()`.
  std::shared_ptr<RandomSource> random = {};
};

/// Opens the store. Errors by `reason`, each with a hint:
///   local.no_store (Unavailable)        there is no such file
///   local.file_type, local.foreign_file (InvalidArgument)   a link, a folder; not a store of locket's
///   local.file_owner, local.file_mode, local.file_access (PermissionDenied)
///   local.newer_format (NotSupported)   made by a newer locket; local.wal (NotSupported): another program changed it
///   local.wrong_key, local.wrong_key_kind, local.foreign_key_ref (Unauthenticated)
///   local.key_file_missing, local.key_file_type, local.key_file_owner, local.key_file_mode, local.key_variable_missing
///   (Unauthenticated), local.key_file_format (InvalidArgument)
///   local.kdf_limits (LimitExceeded)    the file asks for more than `max_kdf_memory`, or for too little
///   local.damaged_header, local.damaged_file, local.schema, local.integrity, local.rolled_back (Integrity)
///   local.anchor_missing (Unavailable)
/// Later calls may besides return local.busy (Timeout), local.key_changed (Unauthenticated: another process changed the
/// root key; open the store again), local.read_only (PermissionDenied), local.no_space, local.io, local.file_moved
/// (Unavailable), local.anchor (Unavailable).
///
/// A forked child opens the store anew. If other threads of its parent were in the middle of calls on the same file at
/// the moment of the fork, it should exec first: SQLite remembers the parent's locks as the child's own.
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(Options options);

/// Creates an empty store and opens it; Conflict (reason "local.exists") when there is anything at `path`, which is not
/// touched then. A key file that is not there is created with a new key, before the store; one that is there is used.
/// Missing folders are made, for this user alone. Whenever it is interrupted, there is a whole store or none.
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> create(Options options);

/// What a `local:` URL asks for, as `add_schemes`' stores are opened: for those who administer the store that a URL
/// names (`Admin::open`), or create it (`create`). InvalidArgument (reason "local.option"): another scheme, an
/// unknown option, a host, no key or several, a value outside its range, or no default place ($HOME is not set). Reads
/// the environment for the default place.
LOCKET_EXPORT Result<Options> options_of(const StoreUrl& url, const StoreSettings& settings = {});

/// The scheme "local"; its options are key-file, key-env, passphrase-env, key-file-policy (own, mounted), anchor,
/// history, max-kdf-memory and enforce-expiry. `local:` alone is the default store: $XDG_DATA_HOME/locket/store.db with
/// the key file $XDG_CONFIG_HOME/locket/key. Never creates a store.
LOCKET_EXPORT void add_schemes(Registry& registry);

}  // namespace locket::inline v1::local
