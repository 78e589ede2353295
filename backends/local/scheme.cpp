#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <locket/backends/local.hpp>
#include <locket/suggest.hpp>

#include "errors.hpp"
#include "local_store.hpp"

namespace locket::inline v1::local {
namespace {

const std::vector<std::string>& known_options() {
  static const std::vector<std::string> options{"key-file", "key-env", "passphrase-env", "key-file-policy",
                                                "anchor",   "history", "max-kdf-memory", "enforce-expiry"};
  return options;
}

Result<void> check_options(const StoreUrl& url) {
  for (const auto& [option, value] : url.options()) {
    const auto& known = known_options();
    if (std::find(known.begin(), known.end(), option) != known.end()) continue;
    return invalid_option(fmt::format("'local:' URLs have no option '{}'", option), suggestion_hint(option, known));
  }
  return {};
}

// XDG Base Directory Specification: a relative path is invalid and ignored.
Result<std::string> base_folder(const char* variable, std::string_view below_home) {
  if (const char* folder = std::getenv(variable); folder != nullptr && *folder == '/') return std::string(folder);
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return fmt::format("{}/{}", home, below_home);
  }
  return invalid_option(fmt::format("there is no default store without $HOME or ${}", variable),
                        "name the store's file: local:/path/store.db?key-file=/path/key");
}

Result<KeyFilePolicy> policy_of(const StoreUrl& url) {
  const std::string policy = url.text("key-file-policy").value_or("own");
  if (policy == "own") return KeyFilePolicy::Own;
  if (policy == "mounted") return KeyFilePolicy::Mounted;
  return invalid_option("key-file-policy is neither own nor mounted");
}

Result<KeySource> key_of(const StoreUrl& url) {
  const auto file = url.text("key-file");
  const auto key = url.text("key-env");
  const auto passphrase = url.text("passphrase-env");
  if (int{file.has_value()} + int{key.has_value()} + int{passphrase.has_value()} > 1) {
    return invalid_option("more than one of key-file, key-env and passphrase-env is given");
  }
  auto policy = policy_of(url);
  if (!policy) return std::move(policy).error();
  if (!file && url.text("key-file-policy")) return invalid_option("key-file-policy is given without key-file");
  if (file) return KeySource(KeyFile{.path = *file, .policy = *policy});
  if (key) return KeySource(KeyVariable{.name = *key});
  if (passphrase) return KeySource(PassphraseVariable{.name = *passphrase});
  if (!url.path().empty()) {
    return invalid_option("the URL names no key", "add key-file=/path, key-env=NAME or passphrase-env=NAME");
  }
  auto folder = base_folder("XDG_CONFIG_HOME", ".config");
  if (!folder) return std::move(folder).error();
  return KeySource(KeyFile{.path = *folder + "/locket/key"});
}

Result<std::string> path_of(const StoreUrl& url) {
  if (!url.host().empty()) return invalid_option("the URL of a local store has no host", "write local:/path");
  if (!url.path().empty()) return url.path();
  auto folder = base_folder("XDG_DATA_HOME", ".local/share");
  if (!folder) return folder;
  return *folder + "/locket/store.db";
}

}  // namespace

Result<Options> options_of(const StoreUrl& url, const StoreSettings& settings) {
  if (url.scheme() != "local") return invalid_option(fmt::format("'{}:' is not a local store", url.scheme()), {});
  if (auto good = check_options(url); !good) return std::move(good).error();
  Options options{.settings = settings};
  auto path = path_of(url);
  if (!path) return std::move(path).error();
  auto key = key_of(url);
  if (!key) return std::move(key).error();
  auto history = url.number("history", options.history, 1, 1000);
  if (!history) return std::move(history).error();
  auto memory = url.number("max-kdf-memory", options.max_kdf_memory, 19, 65536);
  if (!memory) return std::move(memory).error();
  auto enforce = url.boolean("enforce-expiry", settings.enforce_expiry);
  if (!enforce) return std::move(enforce).error();
  options.path = std::move(*path);
  options.key = std::move(*key);
  options.history = static_cast<std::uint32_t>(*history);
  options.max_kdf_memory = static_cast<std::uint32_t>(*memory);
  options.settings.enforce_expiry = *enforce;
  options.anchor = url.text("anchor").value_or("");
  return options;
}

void add_schemes(Registry& registry) {
  registry.add({.name = "local",
                .options = known_options(),
                .capabilities = capabilities_with(Options{}.history),
                .open = [](const StoreUrl& url, const StoreSettings& settings) -> Result<std::shared_ptr<SecretStore>> {
                  auto options = options_of(url, settings);
                  if (!options) return std::move(options).error();
                  return open(std::move(*options));
                }});
}

}  // namespace locket::inline v1::local
