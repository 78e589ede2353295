#pragma once

#include <optional>
#include <string>

#include <locket/backends/vault.hpp>
#include <locket/result.hpp>

/// What Vault's own tools read from the environment, where the options are silent: BAO_… before VAULT_…, as OpenBao's
/// do. A program that runs with more rights than its caller reads none of it (see core/outside.hpp).
namespace locket::inline v1::vault {

/// `options` with address ($VAULT_ADDR), namespace ($VAULT_NAMESPACE, always set afterwards), files of the connection
/// ($VAULT_CACERT, $VAULT_CLIENT_CERT, $VAULT_CLIENT_KEY) and login ($VAULT_TOKEN, $VAULT_TOKEN_FILE, ~/.vault-token)
/// and the whole call's time ($VAULT_CLIENT_TIMEOUT, where `connection.total_timeout` is what it is by default) filled
/// in, and the address without a slash at its end; filling in twice changes nothing. InvalidArgument (reason
/// "vault.option"): $VAULT_CLIENT_TIMEOUT is none; a variable asks for what locket does not do, and where the options
/// do not say otherwise: $VAULT_SKIP_VERIFY, $VAULT_CAPATH, $VAULT_CACERT_BYTES, $VAULT_TLS_SERVER_NAME,
/// $VAULT_PROXY_ADDR, $VAULT_HTTP_PROXY, $VAULT_AGENT_ADDR.
Result<Options> complete(Options options);

/// The variable `name`, or the file that `name`_FILE names; none when neither is set.
std::optional<Credential> credential_from_environment(const std::string& name);

}  // namespace locket::inline v1::vault
