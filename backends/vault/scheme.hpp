#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <locket/backends/vault.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>

/// What the URLs of all of Vault's stores have in common. Errors are InvalidArgument (reason "vault.option").
namespace locket::inline v1::vault {

/// The options that say where Vault is and how to log in: namespace, ca, cert, key, wait-ready, and those of the login.
const std::vector<std::string>& server_url_options();

/// Whether `url` has the scheme, or the same with "+http", and no option but the known, none of them empty but
/// namespace and prefix.
Result<void> check_url(const StoreUrl& url, std::string_view scheme, const std::vector<std::string>& known);

/// What those options and the host ask for.
Result<Options> server_of(const StoreUrl& url, const StoreSettings& settings);

/// The whole path, without the slash at its beginning.
std::string mount_of(const StoreUrl& url, std::string fallback);

}  // namespace locket::inline v1::vault
