#include "credential.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <locket/backends/local.hpp>

#include "text.hpp"

namespace locket::cli {
namespace {

bool is_set(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return value != nullptr && *value != '\0';
}

std::string in_words(const local::KeyFile& file) {
  return "the key file " + printable(file.path);
}

std::string in_words(const local::KeyVariable& variable) {
  return fmt::format("the key in ${}", printable(variable.name));
}

std::string in_words(const local::PassphraseVariable& variable) {
  return fmt::format("the passphrase in ${}", printable(variable.name));
}

std::string in_words(const local::Passphrase&) {
  return "a passphrase";
}

std::string in_words(const local::ProvidedKey&) {
  return "a key provider";
}

std::string of_local(const StoreUrl& url) {
  const auto options = local::options_of(url);
  if (!options) return {};
  return std::visit([](const auto& source) { return in_words(source); }, options->key);
}

// What a way to log in to Vault takes, in the order in which it is looked for: the URL's option, or else the variable
// or the file that the variable with _FILE names.
struct Proof {
  std::string_view method;
  const char* option;
  const char* variable;
};
constexpr std::array<Proof, 9> proofs{{
    {.method = "token", .option = "token-file", .variable = "VAULT_TOKEN"},
    {.method = "approle", .option = "role-id-file", .variable = "VAULT_ROLE_ID"},
    {.method = "approle", .option = "wrapped-secret-id-file", .variable = ""},
    {.method = "approle", .option = "secret-id-file", .variable = "VAULT_SECRET_ID"},
    {.method = "kubernetes", .option = "jwt-file", .variable = ""},
    {.method = "jwt", .option = "jwt-file", .variable = "VAULT_JWT"},
    {.method = "userpass", .option = "password-file", .variable = "VAULT_PASSWORD"},
    {.method = "ldap", .option = "password-file", .variable = "VAULT_PASSWORD"},
    {.method = "cert", .option = "cert", .variable = "VAULT_CLIENT_CERT"},
}};

std::string found(const Proof& proof, const StoreUrl& url) {
  if (const auto file = url.text(proof.option)) return fmt::format("{}={}", proof.option, printable(*file));
  const std::string variable(proof.variable);
  if (variable.empty()) return {};
  if (is_set(variable)) return "$" + variable;
  return is_set(variable + "_FILE") ? fmt::format("the file in ${}_FILE", variable) : std::string();
}

// Where Vault's tools leave one.
std::string left_token() {
  const char* home = std::getenv("HOME");
  const bool there = home != nullptr && ::access((std::string(home) + "/.vault-token").c_str(), F_OK) == 0;
  return there ? "~/.vault-token" : "none: neither $VAULT_TOKEN nor ~/.vault-token is there";
}

std::string of_vault(const StoreUrl& url) {
  const std::string method = url.text("auth").value_or("token");
  std::vector<std::string> all;
  for (const Proof& proof : proofs) {
    if (proof.method != method) continue;
    if (std::string place = found(proof, url); !place.empty()) all.push_back(std::move(place));
  }
  if (all.empty() && method == "token") all.push_back(left_token());
  return fmt::format("auth={}{}{}", printable(method), all.empty() ? "" : ", with ", fmt::join(all, ", "));
}

}  // namespace

std::string credential_in_words(const StoreUrl& url) {
  if (url.scheme() == "local") return of_local(url);
  return url.scheme().starts_with("vault") ? of_vault(url) : std::string();
}

}  // namespace locket::cli
