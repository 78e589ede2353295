#pragma once

#include <string_view>

namespace locket::inline v1::config {

/// Whether a key of a configuration file, or an option of a URL, sounds as if its value were a credential: "password",
/// "vault_token", "secretId". "token-file" and "passphrase-env" say where one is, which is fine.
bool sounds_like_credential(std::string_view key);

/// Where credentials go instead.
inline constexpr std::string_view credential_hint =
    "take it out: a credential comes from the environment (key-env=NAME, VAULT_TOKEN) or from a file of its own "
    "(key-file=PATH, token-file=PATH); what was written here counts as seen, so replace it";

}  // namespace locket::inline v1::config
