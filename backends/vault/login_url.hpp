#pragma once

#include <string>
#include <vector>

#include <locket/backends/vault.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::vault {

/// The options of a URL that say how to log in: auth, auth-mount, role, user, role-id-file, secret-id-file,
/// wrapped-secret-id-file, jwt-file, password-file, token-file.
const std::vector<std::string>& login_options();

/// The login that they ask for; what is secret and named by none of them is taken from $VAULT_ROLE_ID,
/// $VAULT_SECRET_ID, $VAULT_JWT, $VAULT_PASSWORD and $VAULT_TOKEN, or their …_FILE. InvalidArgument (reason
/// "vault.option"): an unknown method, an option that does not belong to it, or one that it misses.
Result<Login> login_of(const StoreUrl& url);

}  // namespace locket::inline v1::vault
