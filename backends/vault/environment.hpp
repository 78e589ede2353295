#pragma once

#include <optional>
#include <string>

#include <locket/backends/vault.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>

/// What Vault's own tools read from the environment, where the options are silent. A program that runs with more rights
/// than its caller reads none of it (see core/outside.hpp).
namespace locket::inline v1::vault {

/// `options` with address ($VAULT_ADDR), namespace ($VAULT_NAMESPACE), files of the connection ($VAULT_CACERT,
/// $VAULT_CLIENT_CERT, $VAULT_CLIENT_KEY) and login ($VAULT_TOKEN, $VAULT_TOKEN_FILE, ~/.vault-token) filled in.
/// InvalidArgument (reason "vault.option"): $VAULT_SKIP_VERIFY asks for what locket does not do.
Result<Options> complete(Options options);

/// The login that a URL's options `auth`, `auth-mount`, `role`, `user`, `role-id-file`, `secret-id-file`,
/// `wrapped-secret-id-file`, `jwt-file`, `password-file` and `token-file` ask for, and, for what is secret,
/// $VAULT_ROLE_ID, $VAULT_SECRET_ID, $VAULT_JWT, $VAULT_PASSWORD and $VAULT_TOKEN with their …_FILE.
/// InvalidArgument (reason "vault.option"): an unknown method, an option that does not belong to it, or one missing.
Result<Login> login_of(const StoreUrl& url);

}  // namespace locket::inline v1::vault
