#include "credential.hpp"

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>
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

// What a way to log in to Vault takes, in the order in which it is looked for: the URL's options, of which the first
// counts, or else the variable or, unless that names a file itself, the file that the variable with _FILE names.
struct Proof {
  std::string_view method;
  std::array<const char*, 2> options;
  std::string_view variable;
  bool names_file = false;
};
constexpr std::array<Proof, 8> proofs{{
    {.method = "token", .options = {"token-file"}, .variable = "TOKEN"},
    {.method = "approle", .options = {"role-id-file"}, .variable = "ROLE_ID"},
    {.method = "approle", .options = {"wrapped-secret-id-file", "secret-id-file"}, .variable = "SECRET_ID"},
    {.method = "kubernetes", .options = {"jwt-file"}, .variable = ""},
    {.method = "jwt", .options = {"jwt-file"}, .variable = "JWT"},
    {.method = "userpass", .options = {"password-file"}, .variable = "PASSWORD"},
    {.method = "ldap", .options = {"password-file"}, .variable = "PASSWORD"},
    {.method = "cert", .options = {"cert"}, .variable = "CLIENT_CERT", .names_file = true},
}};

// The first of both that is set; OpenBao's own go before Vault's.
std::string set_variable(const std::string& name) {
  for (const char* prefix : {"BAO_", "VAULT_"}) {
    if (const std::string variable = prefix + name; is_set(variable)) return fmt::format("${}", variable);
  }
  return {};
}

std::string found(const Proof& proof, const StoreUrl& url) {
  for (const char* option : proof.options) {
    const auto file = option == nullptr ? std::nullopt : url.text(option);
    if (file) return fmt::format("{}={}", option, printable(*file));
  }
  if (proof.variable.empty()) return {};
  const std::string name(proof.variable);
  if (std::string variable = set_variable(name); !variable.empty()) return variable;
  const std::string file = proof.names_file ? std::string() : set_variable(name + "_FILE");
  return file.empty() ? file : "the file in " + file;
}

// Where Vault's tools leave one.
Result<std::string> left_token() {
  const char* home = std::getenv("HOME");
  if (home != nullptr && ::access((std::string(home) + "/.vault-token").c_str(), F_OK) == 0) return "~/.vault-token";
  return Error({.code = ErrorCode::Unauthenticated,
                .message = "no token to log in with: neither $VAULT_TOKEN nor ~/.vault-token is there",
                .hint = "set VAULT_TOKEN or VAULT_TOKEN_FILE, log in with `bao login` or `vault login`, or say in the "
                        "store's URL how to log in: token-file=/path, auth=approle, …"});
}

Result<std::string> of_vault(const StoreUrl& url) {
  const std::string method = url.text("auth").value_or("token");
  std::vector<std::string> all;
  for (const Proof& proof : proofs) {
    if (proof.method != method) continue;
    if (std::string place = found(proof, url); !place.empty()) all.push_back(std::move(place));
  }
  if (all.empty() && method == "token") {
    auto left = left_token();
    if (!left) return left;
    all.push_back(std::move(*left));
  }
  return fmt::format("auth={}{}{}", printable(method), all.empty() ? "" : ", with ", fmt::join(all, ", "));
}

}  // namespace

Result<std::string> credential_in_words(const StoreUrl& url) {
  if (url.scheme() == "local") return of_local(url);
  return url.scheme().starts_with("vault") ? of_vault(url) : std::string();
}

}  // namespace locket::cli
