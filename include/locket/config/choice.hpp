#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <locket/config/store_config.hpp>
#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/place.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

namespace locket::inline v1::config {

/// What the caller (a command line, an application) says about the store that is to be opened. All of it may be empty.
struct Selection {
  /// A URL, or an alias of the configuration file: a text with a ':' is a URL.
  std::string store = {};
  /// The configuration file, which must be there. Empty: $LOCKET_CONFIG, which must be there too; then
  /// $XDG_CONFIG_HOME/locket/config.toml (~/.config/locket/config.toml), which need not.
  std::string file = {};
  /// As LoadOptions::environment.
  std::string environment = {};
  /// As LoadOptions::variables.
  std::optional<Variables> variables = {};
};

/// Something that detection came across.
struct Candidate {
  /// What it saw: "VAULT_ADDR is set".
  std::string seen = {};
  /// The store that it means; empty when it cannot be opened.
  std::string url = {};
  /// Why it cannot, empty when it can: "this program has no store for 'vault:' URLs".
  std::string obstacle = {};
};

/// Which store was chosen, and why.
struct Choice {
  /// Never with a credential in it.
  std::string url = {};
  /// By which it was chosen; empty when it was by URL.
  std::string alias = {};
  /// One clause for people: "'prod' is the default in config.toml".
  std::string reason = {};
  /// After LOCKET_STORE=auto everything that was seen, in the order of preference; the first that can be opened was
  /// chosen.
  std::vector<Candidate> candidates = {};
  /// Where the configuration file names the store, when it does.
  std::optional<Place> place = {};
  /// The configuration file, when it was read: when the selection or $LOCKET_CONFIG names it, or when it was needed.
  std::optional<StoreConfig> config = {};

  /// Opens the store, as Registry::open; errors have `place`.
  LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(const Registry& registry,
                                                          const StoreSettings& settings = {}) const;
};

/// The configuration file that `selection` means, checked with the options of the registry's schemes; none when nothing
/// names one and the default place has none. Errors as StoreConfig::load.
LOCKET_EXPORT Result<std::optional<StoreConfig>> find_config(const Registry& registry, const Selection& selection = {});

/// Chooses a store without opening it, the first that is there: the selection's; the environment's `LOCKET_STORE` (URL
/// or alias); the configuration file's default; the default local store (`local:`), when the registry has it. Other
/// variables (`VAULT_ADDR`, `AWS_REGION`) authenticate and never select.
///
/// `LOCKET_STORE=auto` is the one way to ask for detection, which looks for these, in this order, and says in
/// `candidates` what it saw: $VAULT_ADDR (the mount "secret"); $AWS_ACCESS_KEY_ID, $AWS_PROFILE,
/// $AWS_WEB_IDENTITY_TOKEN_FILE, $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI; $AZURE_KEYVAULT_URL; files in
/// /run/secrets; $CREDENTIALS_DIRECTORY; the file of the default local store.
///
/// InvalidArgument: nothing is chosen or found (reason "config.no_choice"), no such alias ("config.no_store"), no URL
/// or one that Registry::check refuses; and as find_config. Reads the environment, which no other thread may change
/// meanwhile. Of a process that runs with more rights than its caller (setuid) the environment chooses nothing, the
/// default places below $HOME included.
LOCKET_EXPORT Result<Choice> choose(const Registry& registry, const Selection& selection = {});

/// Chooses and opens: locket::open_default with the configuration file.
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open_default(const Registry& registry,
                                                                const Selection& selection = {},
                                                                const StoreSettings& settings = {});

}  // namespace locket::inline v1::config
