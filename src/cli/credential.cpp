#include "credential.hpp"

#include <array>
#include <cstdlib>
#include <optional>
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
  std::string_view variable;  // without the VAULT_ or BAO_ before it
};
constexpr const char* secret_id = "secret-id-file";
constexpr const char* wrapped_secret_id = "wrapped-secret-id-file";
constexpr std::array<Proof, 9> proofs{{
    {.method = "token", .option = "token-file", .variable = "TOKEN"},
    {.method = "approle", .option = "role-id-file", .variable = "ROLE_ID"},
    {.method = "approle", .option = wrapped_secret_id, .variable = ""},
    {.method = "approle", .option = secret_id, .variable = "SECRET_ID"},
    {.method = "kubernetes", .option = "jwt-file", .variable = ""},
    {.method = "jwt", .option = "jwt-file", .variable = "JWT"},
    {.method = "userpass", .option = "password-file", .variable = "PASSWORD"},
    {.method = "ldap", .option = "password-file", .variable = "PASSWORD"},
    {.method = "cert", .option = "cert", .variable = "CLIENT_CERT"},
}};

// Which of BAO_NAME and VAULT_NAME counts; neither: none.
std::optional<std::string> chosen(std::string_view name) {
  for (const std::string_view owner : {"BAO_", "VAULT_"}) {
    if (std::string variable = fmt::format("{}{}", owner, name); is_set(variable)) return variable;
  }
  return std::nullopt;
}

std::string found(const Proof& proof, const StoreUrl& url) {
  if (const auto file = url.text(proof.option)) return fmt::format("{}={}", proof.option, printable(*file));
  // A secret id comes from one place alone.
  if (proof.variable.empty() || (std::string_view(proof.option) == secret_id && url.text(wrapped_secret_id))) return {};
  if (const auto variable = chosen(proof.variable)) return "$" + *variable;
  const auto file = chosen(fmt::format("{}_FILE", proof.variable));
  return file ? fmt::format("the file in ${}", *file) : std::string();
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
