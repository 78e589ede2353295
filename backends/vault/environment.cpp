#include "environment.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/outside.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

// As Vault's tools, which take a variable that is empty for one that is not set.
std::string variable(const char* name) {
  const char* value = chosen_from_outside(name);
  return value == nullptr ? "" : value;
}

// What Go's strconv.ParseBool, which Vault's tools read it with, takes for no.
Result<void> refuse_skipping_verification() {
  constexpr std::array<std::string_view, 7> no{"", "0", "f", "F", "false", "False", "FALSE"};
  if (std::find(no.begin(), no.end(), variable("VAULT_SKIP_VERIFY")) != no.end()) return {};
  return invalid_option("VAULT_SKIP_VERIFY is set, and locket does not talk to servers that anybody could be",
                        "unset it, and name the authority that signed Vault's certificate: VAULT_CACERT=/path/ca.pem "
                        "(or ca=/path/ca.pem)");
}

Login login_from_environment() {
  if (!variable("VAULT_TOKEN").empty()) return GivenToken{.token = {.variable = "VAULT_TOKEN"}};
  if (const std::string file = variable("VAULT_TOKEN_FILE"); !file.empty()) return GivenToken{.token = {.file = file}};
  // Where `vault login` and `bao login` leave it.
  if (const std::string home = variable("HOME"); home.starts_with('/')) {
    return GivenToken{.token = {.file = home + "/.vault-token"}};
  }
  return std::monostate();
}

void fill_in(http::TransportOptions& connection) {
  if (connection.ca_file.empty()) connection.ca_file = variable("VAULT_CACERT");
  // A certificate goes with its own key.
  if (connection.client_certificate_file.empty() && connection.client_key_file.empty()) {
    connection.client_certificate_file = variable("VAULT_CLIENT_CERT");
    connection.client_key_file = variable("VAULT_CLIENT_KEY");
  }
}

}  // namespace

Result<Options> complete(Options options) {
  if (!options.transport) {
    if (auto good = refuse_skipping_verification(); !good) return std::move(good).error();
    fill_in(options.connection);
  }
  if (options.address.empty()) options.address = variable("VAULT_ADDR");
  if (!options.name_space) options.name_space = variable("VAULT_NAMESPACE");
  if (std::holds_alternative<std::monostate>(options.login)) options.login = login_from_environment();
  return options;
}

std::optional<Credential> credential_from_environment(const std::string& name) {
  if (!variable(name.c_str()).empty()) return Credential{.variable = name};
  if (std::string file = variable((name + "_FILE").c_str()); !file.empty()) return Credential{.file = std::move(file)};
  return std::nullopt;
}

}  // namespace locket::inline v1::vault
