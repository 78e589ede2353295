#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>
#include <locket/store.hpp>
#include <locket/transport.hpp>

/// Secrets in HashiCorp Vault or OpenBao: the KV secrets engine, version 2.
///
///     namespace vault = locket::vault;
///     auto store = vault::open({
///         .address = "https://vault.example:8200",
///         .mount = "secret",
///         .login = vault::AppRole{.role_id = {.file = "/etc/app/role-id"},
///                                 .secret_id = vault::Credential{.file = "/run/secrets/secret-id"}}});
///
/// **Names** stand below the mount and the prefix as they are, percent-encoded once: `db/password` is
/// `secret/data/db/password`. What Vault holds under names that locket does not have ("a b") a listing tells as such.
///
/// **Values.** `{"value": "…"}` alone is text and `{"value_base64": "…"}` alone bytes that are no text (not UTF-8, or
/// with control characters); any other object is fields, so what Vault's own tools wrote reads naturally, and the
/// reverse. Fields that are one of the two are refused (InvalidArgument), and so is a number that Vault would round: it
/// keeps them as doubles, exact to 15 digits and for whole numbers to 2^53. Vault orders fields by name and writes
/// numbers in its own way (1.50 as 1.5). A value has at most 512 KiB, which every storage of Vault's takes.
///
/// **Metadata** are the secret's custom_metadata: "locket.description", "locket.type", "locket.provider",
/// "locket.status", "locket.expires" and "locket.last_rotated" (RFC 3339), "locket.rotation_period" ("7776000s") and
/// "locket.reminder_days"; tags under their own keys. Text that Vault refuses (empty, or not printable), that begins
/// with a quotation mark, or a tag that begins with "locket.", stands there as a JSON string, in its quotation marks.
/// Vault keeps 64 keys of 128 bytes, and 512 bytes of each value: 56 tags, descriptions of 512 bytes; more is
/// LimitExceeded before anything is written. A "locket.expires" that is no time lets no value out (MalformedResponse,
/// reason "vault.expires"); a listing tells such a secret with the status "unreadable expiry". `get` tells neither
/// `created` nor `updated`, `stat` does.
///
/// Vault changes metadata apart from the value: a `put` with metadata checks them first, writes the value, and then
/// changes them (three requests); where the last one fails, the error's effect is Applied. Changes are merged (PATCH);
/// where Vault is older than that, or the policy allows "update" but not "patch", all metadata are written anew, and
/// what others change in that moment is lost.
///
/// **Conditions** are Vault's check-and-set. Where a mount demands it (cas_required), a write without a condition takes
/// what is there for one. A write whose answer was lost is not repeated: its effect is Unknown.
///
/// **Removing.** Vault deletes version by version: `remove` deletes all that are live, `undelete` brings all back that
/// are not destroyed. A secret whose current version was deleted by other tools, destroyed, or dropped by Vault's
/// delete_version_after, is removed, though older versions that are live can still be read; `undelete` of one whose
/// current version is destroyed is Deleted (effect Applied when it brought older ones back).
///
/// **Requests.** `get` is one and asks nothing else beforehand; `stat` is two at once (metadata/… and subkeys/…, of
/// which a policy may refuse one), and never reads the value. A listing opens folders as a page needs them, and looks
/// at each secret's metadata, since only they say what is removed; where that is refused, a listing of names tells them
/// all.
///
/// Of an answer no more is read than `connection.max_body` says (4 MiB, where it says nothing), which is some 100,000
/// names in one folder or 40,000 versions of one secret; several lists or histories that are asked for at once have 4
/// MiB together, and one that is longer than its share is asked for again, alone. What neither holds values nor lists
/// anything (a login, a token's life, the server's state, what was written) is refused beyond 256 KiB. What is longer
/// is MalformedResponse (reason "http.too_large").
///
/// **Policies**: reading needs "read" on MOUNT/data/…, writing "create" and "update" there; stat and versions "read" on
/// MOUNT/metadata/… and MOUNT/subkeys/…, listing "list" besides, annotate "patch", purge "delete"; remove and undelete
/// "update" on MOUNT/delete/… and MOUNT/undelete/…, and "read" on MOUNT/metadata/….
///
/// **Tokens** are fetched before they are needed and renewed after two thirds of their life, by the call that comes
/// next, or by a KeepAlive (no thread of locket's runs); a token that cannot live longer is fetched anew before it
/// ends. What logs in is read anew from its file or variable each time. A token that was only given cannot be fetched
/// again.
///
/// A refusal (403) makes the call ask whether Vault still knows the token: if so, the error is PermissionDenied; if
/// not, it logs in and asks once more. A login that Vault refuses is Unauthenticated and not repeated for a second,
/// then two, four, up to half a minute.
namespace locket::inline v1::vault {

/// Something that logs in, and where it is. Exactly one member is set, else opening is InvalidArgument (reason
/// "vault.option"); files and variables are read anew at each login, so that they can be rotated. A file is at most 64
/// KiB, and a newline at its end is not part of it.
struct Credential {
  std::string file = {};
  std::string variable = {};
  /// Given by the program. Shared, so that options stay copyable.
  std::shared_ptr<const SecretValue> value = {};
};

/// A token that somebody else fetched. Never fetched anew, but read anew when there is another file (as Vault Agent's
/// sink makes it): within a second, or at once when Vault refuses the old one. Renewed when Vault allows it. To know
/// that, one request is spent on it (auth/token/lookup-self), by the first call that comes a second or more after its
/// first use: a program that reads its secrets and is done spends none of the uses of a token that has so many.
struct GivenToken {
  Credential token = {};
};
/// auth/approle: a role id and, unless the role needs none, a secret id.
struct AppRole {
  std::string mount = "approle";
  Credential role_id = {};
  std::optional<Credential> secret_id = {};
  /// The secret id is a wrapping token, as `vault write -wrap-ttl=…` gives it: unwrapped once, at the first login. One
  /// that was used before, or that wraps something else than Vault's answer to auth/MOUNT/role/…/secret-id, is refused:
  /// somebody else may have read it (reason "vault.wrapped_token").
  bool wrapped_secret_id = false;
};
/// auth/kubernetes: the pod's service account token.
struct Kubernetes {
  std::string mount = "kubernetes";
  std::string role = {};
  Credential jwt = {.file = "/var/run/secrets/kubernetes.io/serviceaccount/token"};
};
/// auth/jwt.
struct Jwt {
  std::string mount = "jwt";
  /// Empty: the mount's default role.
  std::string role = {};
  Credential jwt = {};
};
/// auth/userpass.
struct UserPass {
  std::string mount = "userpass";
  std::string user = {};
  Credential password = {};
};
/// auth/ldap.
struct Ldap {
  std::string mount = "ldap";
  std::string user = {};
  Credential password = {};
};
/// auth/cert: the client certificate of `Options::connection`.
struct Certificate {
  std::string mount = "cert";
  /// Empty: Vault tries all its roles.
  std::string role = {};
};

/// A token that the application fetches.
struct Token {
  SecretValue text = {};
  /// How long it lives from now on. Absent or 0: it does not expire, or nobody knows.
  std::optional<std::chrono::seconds> lifetime = {};
  bool renewable = false;
  /// How many requests it is good for; 0: any number. It gets no more.
  std::uint64_t uses = 0;
};
/// Logs in in the application's own way. Called whenever a new token is needed: at the first call, at the end of the
/// last one's life, when Vault refused it. Its error is what the call that needed the token returns. Thread safety:
/// called by one thread at a time.
class LOCKET_EXPORT TokenSource {
 public:
  virtual ~TokenSource();
  virtual Result<Token> fetch(const Call& call) = 0;
};

class Client;

/// Keeps the tokens of open stores alive while nobody calls them: a thread, timer or event loop of the program's calls
/// `tend` now and then, since none of locket's runs. Without one, a token that ended while the program was idle is
/// fetched anew by the next call; one that was only given is lost then.
///
///     auto keep_alive = std::make_shared<vault::KeepAlive>();
///     auto store = vault::open({.address = …, .login = …, .keep_alive = keep_alive});
///     // on a timer, several times in a token's life:
///     if (auto tended = keep_alive->tend(); !tended) …
///
/// Thread safety: all methods may be called from any thread at once.
class LOCKET_EXPORT KeepAlive {
 public:
  KeepAlive();
  ~KeepAlive();
  KeepAlive(const KeepAlive&) = delete;
  KeepAlive& operator=(const KeepAlive&) = delete;

  /// Does what the next call would do first: fetches a token where there is none, renews or replaces one of whose life
  /// a third is left, and sends nothing otherwise. Of the stores that were closed it knows nothing any more. Errors:
  /// the first login's that failed while no token lives (what fails before that is told to the Observer, and tried
  /// again by the next `tend`); Unavailable (reason "store.forked") in a forked child.
  Result<void> tend(const Call& call = {});

 private:
  friend class Client;
  void add(const std::shared_ptr<Client>& client);
  std::vector<std::shared_ptr<Client>> clients() const;

  const std::uint32_t epoch_;  // of the process that made it
  mutable std::mutex mutex_;
  std::vector<std::weak_ptr<Client>> clients_;
};

/// How to log in. The default is what Vault's own tools do: $VAULT_TOKEN, the file that $VAULT_TOKEN_FILE names,
/// ~/.vault-token; Unauthenticated (reason "vault.no_login") when there is none.
using Login = std::variant<std::monostate, GivenToken, AppRole, Kubernetes, Jwt, UserPass, Ldap, Certificate,
                           std::shared_ptr<TokenSource>>;

struct Options {
  StoreSettings settings = {};
  /// "https://vault.example:8200", without a path. http:// is for loopback addresses alone. Empty: $VAULT_ADDR.
  std::string address = {};
  /// Where the KV engine is mounted: "secret", "team/kv". Any number of segments, written as a name is.
  std::string mount = "secret";
  /// The folder below the mount that is this store: "apps/billing". Empty: all of it.
  std::string prefix = {};
  /// A namespace (OpenBao, Vault Enterprise): "team-a/dev", without blanks at its ends. None: $VAULT_NAMESPACE. Empty:
  /// the root's.
  std::optional<std::string> name_space = {};
  Login login = {};
  /// The caller knows that the mount is of version 2. Otherwise Vault is asked (sys/internal/ui/mounts/…), once, before
  /// the first write and when a read found nothing. A policy need not allow that question.
  bool is_kv2 = false;
  /// How many versions of a secret are kept, where the mount's `max_versions` says otherwise than Vault's 10: it is
  /// what Capabilities::max_versions tells, nothing is asked or changed.
  std::uint64_t max_versions = 10;
  /// How long opening waits for a server that is unreachable, sealed, or answers 5xx. At most an hour.
  std::chrono::milliseconds wait_ready = {};
  /// TLS, pool, retries. Where its `ca_file`, `client_certificate_file` and `client_key_file` are empty: $VAULT_CACERT,
  /// $VAULT_CLIENT_CERT, $VAULT_CLIENT_KEY.
  http::TransportOptions connection = {};
  /// Null: one over libcurl, made with `connection`.
  std::shared_ptr<http::Transport> transport = {};
  /// Keeps its token alive while nobody calls. Null: nobody does. May serve several stores.
  std::shared_ptr<KeepAlive> keep_alive = {};
};

/// Opens the store. The options are checked and the environment is read; nothing is sent unless `wait_ready` asks for
/// it, so that a program starts while Vault does not answer.
///
/// **Environment.** Where the options are silent: $VAULT_ADDR, $VAULT_NAMESPACE, $VAULT_CACERT, $VAULT_CLIENT_CERT,
/// $VAULT_CLIENT_KEY, $VAULT_TOKEN, $VAULT_TOKEN_FILE, $VAULT_CLIENT_TIMEOUT (a number of seconds, or "1m30s", to one
/// hour; where `connection.total_timeout` is what it is by default, and 0 leaves it so); each as BAO_… first, as
/// OpenBao's own tools have it, and one that is empty is not set. What would have locket trust or ask another server
/// than it can is refused, with what to set instead: $VAULT_SKIP_VERIFY always, and where the options do not say
/// otherwise $VAULT_CAPATH, $VAULT_CACERT_BYTES, $VAULT_TLS_SERVER_NAME, $VAULT_PROXY_ADDR, $VAULT_HTTP_PROXY,
/// $VAULT_AGENT_ADDR. Not read: the rest of what Vault's tools know, such as $VAULT_MAX_RETRIES, $VAULT_RATE_LIMIT and
/// $VAULT_FORMAT.
///
/// InvalidArgument (reason "vault.option"; of addresses "http.origin" and "http.plain", of `connection` the
/// transport's): an address, mount, prefix, namespace, login or timeout that is none; a variable that is refused.
/// Unavailable, Network, Timeout: with `wait_ready`. No other thread may change the environment meanwhile, nor while a
/// login reads a variable. Later calls may besides return, by `reason`:
///   vault.no_login, vault.credential (Unauthenticated)   what should log in is not there, or cannot be read
///   vault.login_refused, vault.token_rejected, vault.wrapped_token (Unauthenticated)   Vault does not accept it
///   vault.refused (PermissionDenied)   a valid token may not do that; the hint names the path and the capability
///   vault.sealed, vault.standby, vault.not_initialized, vault.behind, vault.unavailable (Unavailable)
///   vault.throttled (Throttled), vault.too_large (LimitExceeded)
///   vault.no_mount (InvalidArgument)   nothing is mounted there, or another engine
///   vault.no_namespace (InvalidArgument)   there is no such namespace
///   vault.kv1 (NotSupported)   the mount is of version 1; the hint says how to upgrade it
///   vault.upgrading (Unavailable)   Vault is upgrading the mount
///   vault.fields (InvalidArgument)   fields that would not come back as they are
///   vault.metadata (InvalidArgument, LimitExceeded)   text that is not UTF-8; more than Vault keeps
///   vault.rejected (InvalidArgument)   Vault takes the request for wrong, for a reason that locket does not know
///   vault.contention (Conflict)   others wrote so often meanwhile that a write without a condition gave up
///   vault.response, vault.expires (MalformedResponse)
/// and the transport's (transport.hpp).
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(Options options);

/// What a `vault:` or `vault+http:` URL asks for: `vault://host:8200/MOUNT?prefix=P&namespace=N&auth=approle&…`, for
/// those who change something about it before they open it. The whole path is the mount. InvalidArgument (reason
/// "vault.option"). Reads the environment.
///
/// Options: prefix, namespace, auth (token, approle, kubernetes, jwt, userpass, ldap, cert), auth-mount, role, user,
/// role-id-file, secret-id-file, wrapped-secret-id-file, jwt-file, password-file, token-file, ca, cert, key, kv=2,
/// wait-ready. What is secret comes from files, or from $VAULT_TOKEN, $VAULT_ROLE_ID, $VAULT_SECRET_ID, $VAULT_PASSWORD
/// and $VAULT_JWT, each also with …_FILE. None of them may be empty but prefix and namespace (the root's).
LOCKET_EXPORT Result<Options> options_of(const StoreUrl& url, const StoreSettings& settings = {});

/// The schemes "vault" and "vault-db" (see vault_database.hpp), and both with "+http", for loopback only.
LOCKET_EXPORT void add_schemes(Registry& registry);

}  // namespace locket::inline v1::vault
