#include <string>
#include <utility>
#include <vector>

#include <locket/backends/vault_database.hpp>

#include "database_store.hpp"
#include "failure.hpp"
#include "scheme.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr const char* secure_scheme = "vault-db";
constexpr const char* plain_scheme = "vault-db+http";

const std::vector<std::string>& known_options() {
  static const std::vector<std::string> options = [] {
    std::vector<std::string> all = server_url_options();
    all.insert(all.end(), {"kind", "revoke-at-close"});
    return all;
  }();
  return options;
}

Result<DatabaseRoles> kind_of(const StoreUrl& url) {
  const std::string kind = url.text("kind").value_or("dynamic");
  if (kind == "dynamic") return DatabaseRoles::Dynamic;
  if (kind == "static") return DatabaseRoles::Static;
  return invalid_option("kind is neither dynamic nor static",
                        "write kind=dynamic (users of the role's own) or kind=static (one that is there)");
}

}  // namespace

Result<DatabaseOptions> database_options_of(const StoreUrl& url, const StoreSettings& settings) {
  if (auto good = check_url(url, secure_scheme, known_options()); !good) return std::move(good).error();
  auto server = server_of(url, settings);
  if (!server) return std::move(server).error();
  const auto kind = kind_of(url);
  if (!kind) return kind.error();
  const auto revoke = url.boolean("revoke-at-close", false);
  if (!revoke) return revoke.error();
  DatabaseOptions options{.server = std::move(*server), .roles = *kind, .revoke_at_close = *revoke};
  options.mount = mount_of(url, std::move(options.mount));
  return options;
}

void add_database_schemes(Registry& registry) {
  for (const char* scheme : {secure_scheme, plain_scheme}) {
    registry.add(
        {.name = scheme,
         .options = known_options(),
         .capabilities = database_abilities(DatabaseRoles::Dynamic),
         .open = [](const StoreUrl& url, const StoreSettings& settings) -> Result<std::shared_ptr<SecretStore>> {
           auto options = database_options_of(url, settings);
           if (!options) return std::move(options).error();
           return open_database(std::move(*options));
         }});
  }
}

}  // namespace locket::inline v1::vault
