#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

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
///     auto store = vault::open({.address = "https://vault.example:8200", .mount = "secret",
///                               .login = vault::AppRole{.role_id = {.file = "/etc/app/role-id"},
///                                                       .secret_id = {.file = "/run/secrets/secret-id"}}});
///
/// **Values.** `{"value": "…"}` alone is text and `{"value_base64": "…"}` alone bytes that are no text; any other
/// object is fields, so what Vault's own tools wrote reads naturally, and the reverse. Fields that are one of the two
/// are refused (InvalidArgument). Vault rounds whole numbers beyond 2^53, so such a field is refused as well.
///
/// **Metadata** are the secret's custom_metadata, of which Vault keeps 64, each of 512 bytes: description, type,
/// provider, status, expires, … under "locket.description" and so on, tags under their own keys.
///
/// **Removing.** Vault deletes version by version: `remove` deletes all that are live, `undelete` brings all back.
///
/// **Tokens** are fetched before they are needed and renewed after two thirds of their life, by the call that comes
/// next (no thread of locket's runs); a token that cannot live longer, or that Vault refuses, is fetched anew, once.
/// What logs in is read anew from its file or variable each time. A token that was only given cannot be fetched again.
namespace locket::inline v1::vault {

/// Something that logs in, and where it is. Exactly one member is set; files and variables are read anew at each login,
/// so that they can be rotated. A file is at most 64 KiB, and a newline at its end is not part of it.
struct Credential {
  std::string file = {};
  std::string variable = {};
  /// Given by the program. Shared, so that options stay copyable.
  std::shared_ptr<const SecretValue> value = {};
};

/// A token that somebody else fetched. Renewed when Vault allows it, never fetched anew, but read anew when its file
/// changed (as Vault Agent's sink does).
struct GivenToken {
  Credential token = {};
};
/// auth/approle: a role id and, unless the role needs none, a secret id.
struct AppRole {
  std::string mount = "approle";
  Credential role_id = {};
  std::optional<Credential> secret_id = {};
  /// The secret id is a wrapping token, as `vault write -wrap-ttl=…` gives it: unwrapped once, at the first login. A
  /// wrapping token that was used before is refused by Vault: somebody else read it (reason "vault.wrapped_token").
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
  /// How long it lives from now on. None: it does not expire, or nobody knows.
  std::optional<std::chrono::seconds> lifetime = {};
  bool renewable = false;
};
/// Logs in in the application's own way. Called whenever a new token is needed: at the first call, at the end of the
/// last one's life, when Vault refused it. Thread safety: called by one thread at a time.
class LOCKET_EXPORT TokenSource {
 public:
  virtual ~TokenSource();
  virtual Result<Token> fetch(const Call& call) = 0;
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
  /// A namespace (OpenBao, Vault Enterprise): "team-a/dev". None: $VAULT_NAMESPACE. Empty: the root's.
  std::optional<std::string> name_space = {};
  Login login = {};
  /// The caller knows that the mount is of version 2: it is not asked for before the first read. A policy need not
  /// allow that question either way.
  bool is_kv2 = false;
  /// How many versions of a secret are kept, where the mount's `max_versions` says otherwise than Vault's 10: it is what
  /// Capabilities::max_versions tells, nothing is asked or changed.
  std::uint64_t max_versions = 10;
  /// How long opening waits for a server that is unreachable, sealed, or answers 5xx. At most an hour.
  std::chrono::milliseconds wait_ready = {};
  /// TLS, pool, retries. Where its `ca_file`, `client_certificate_file` and `client_key_file` are empty: $VAULT_CACERT,
  /// $VAULT_CLIENT_CERT, $VAULT_CLIENT_KEY.
  http::TransportOptions connection = {};
  /// Null: one over libcurl, made with `connection`.
  std::shared_ptr<http::Transport> transport = {};
};

/// Opens the store. The options are checked and the environment is read; nothing is sent unless `wait_ready` asks for
/// it, so that a program starts while Vault does not answer.
///
/// InvalidArgument (reason "vault.option"): an address, mount, prefix, namespace or login that is none;
/// $VAULT_SKIP_VERIFY is set, which locket refuses: name the certificate authority instead. Unavailable, Network,
/// Timeout: with `wait_ready`. Later calls may besides return, by `reason`:
///   vault.no_login, vault.login_refused, vault.token_rejected, vault.wrapped_token (Unauthenticated)
///   vault.refused (PermissionDenied)   a valid token may not do that; the hint names the path and the capability
///   vault.sealed, vault.standby, vault.not_initialized (Unavailable)
///   vault.no_mount (NotFound is not meant: InvalidArgument)   nothing is mounted there
///   vault.kv1 (NotSupported)   the mount is of version 1; the hint says how to upgrade it
///   vault.response (MalformedResponse)
/// and the transport's (transport.hpp).
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(Options options);

/// What a `vault:` or `vault+http:` URL asks for: `vault://host:8200/MOUNT?prefix=P&namespace=N&auth=approle&…`, for
/// those who change something about it before they open it. The whole path is the mount. InvalidArgument (reason
/// "vault.option"). Reads the environment.
///
/// Options: prefix, namespace, auth (token, approle, kubernetes, jwt, userpass, ldap, cert), auth-mount, role, user,
/// role-id-file, secret-id-file, wrapped-secret-id-file, jwt-file, password-file, token-file, ca, cert, key, kv=2,
/// wait-ready. What is secret comes from files, or from $VAULT_TOKEN, $VAULT_ROLE_ID, $VAULT_SECRET_ID, $VAULT_PASSWORD
/// and $VAULT_JWT, each also with …_FILE.
LOCKET_EXPORT Result<Options> options_of(const StoreUrl& url, const StoreSettings& settings = {});

/// The schemes "vault" and "vault+http" (loopback only).
LOCKET_EXPORT void add_schemes(Registry& registry);

}  // namespace locket::inline v1::vault
