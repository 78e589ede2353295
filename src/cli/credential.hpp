#pragma once

#include <string>

#include <locket/registry.hpp>
#include <locket/result.hpp>

namespace locket::cli {

/// What a store is opened or logged in to with, as its URL and the environment say it: "the key file /home/me/key",
/// "auth=approle, with role-id-file=/run/role, $VAULT_SECRET_ID". Where it stands, never what it is. Empty for a store
/// that needs none, and for one whose URL is wrong. Unauthenticated: there is nothing to log in with.
Result<std::string> credential_in_words(const StoreUrl& url);

}  // namespace locket::cli
