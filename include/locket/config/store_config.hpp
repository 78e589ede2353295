#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/place.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

namespace locket::inline v1::config {

/// Environment variables by their names.
using Variables = std::map<std::string, std::string, std::less<>>;

enum class Format : std::uint8_t { Toml, Json };

/// How a configuration file is read.
struct LoadOptions {
  /// The environment in force; it must be one of the file's. Empty: $LOCKET_ENVIRONMENT, then `environment` in the
  /// file, then none.
  std::string environment = {};
  /// When given, the stores' options are checked against those that their schemes have. Borrowed for the time of the
  /// call.
  const Registry* registry = nullptr;
  /// With a registry: whether a scheme that it does not know is an error. By default it is not, because one file serves
  /// programs that were built with different backends; opening such a store is then the error.
  bool schemes_must_be_known = false;
  /// Asked instead of the process's environment, which no other thread may change meanwhile. A process that runs with
  /// more rights than its caller (setuid) does not let the environment choose.
  std::optional<Variables> variables = {};
};

/// One store of the file.
struct ConfiguredStore {
  /// With all options in it, `%XX` where needed: "env:?prefix=SHOP_&file=/etc/shop/.env".
  std::string url = {};
  /// Where the file says so.
  Place place = {};
};

/// The configuration file: which stores there are, by which names, and which of them is meant when none is named. An
/// application that reads one writes names where it would write URLs, and moves from a file on a laptop to a service in
/// production without a change of its code. TOML, or JSON with the same keys when the file's name ends in ".json":
///
///     default = "dev"                  # the store that is meant when none is named: one of [stores]
///     environment = "production"       # the environment in force, unless the caller or $LOCKET_ENVIRONMENT says which
///
///     [stores.dev]                     # a store with the alias "dev"
///     url = "local:"                   # where it is, as Registry::open takes it; the one key that it needs
///
///     [stores.prod]
///     url = "local:/srv/shop/store.db"
///     key-file = "/etc/shop/key"       # any other key is an option of the URL: text, a whole number, true or false
///     history = 20
///
///     [environments.production]        # what is different there
///     default = "prod"                 # without it: the default above
///     [environments.production.stores.audit]   # takes the whole place of [stores.audit]; nothing of it is kept
///     url = "dir:/run/audit"
///
/// That is all of its keys. Aliases and environments begin with a letter; letters, digits, '-' and '_' follow (as in
/// references: `$<secret:prod://db/password>`). "auto" is no alias: LOCKET_STORE=auto asks for detection.
///
/// **What is refused.** The file is checked whole, the environments that are not in force too, and everything that is
/// wrong is told together: unknown keys, wrong types, bad URLs, options that come twice, defaults and environments that
/// are not there, bad aliases, and credentials, which no configuration file holds. The error (InvalidArgument, reason
/// "config.invalid") has a cause for each, in the order of their places; each has a `place()` with file, line, column
/// and path ("stores.prod.url"), and a reason: "config.syntax" (then it is the only one), "config.type", "config.key",
/// "config.duplicate", "config.alias", "config.url", "config.option", "config.credential", "config.default",
/// "config.environment". Neither values nor URLs are quoted.
/// Since the file decides where secrets go to, one that every user may write is refused (PermissionDenied). All that
/// concerns the file itself has the reason "config.file": NotFound; PermissionDenied; InvalidArgument, no regular file;
/// LimitExceeded, more than 1 MiB; Unavailable, it cannot be read.
///
/// Thread safety: immutable.
class LOCKET_EXPORT StoreConfig {
 public:
  /// Reads a file, in JSON when its name ends in ".json", else in TOML.
  static Result<StoreConfig> load(const std::string& path, const LoadOptions& options = {});
  /// The same for a text; `file` is for places alone.
  static Result<StoreConfig> parse(std::string_view text, Format format, const std::string& file,
                                   const LoadOptions& options = {});

  /// As the caller named it.
  const std::string& file() const noexcept { return file_; }
  /// The environment in force; empty when there is none.
  const std::string& environment() const noexcept { return environment_; }
  /// The alias of the store that is meant when none is named, in this environment.
  const std::optional<std::string>& default_alias() const noexcept { return default_alias_; }
  /// The stores of this environment by their aliases.
  const std::map<std::string, ConfiguredStore, std::less<>>& stores() const noexcept { return stores_; }

  /// The store with this alias. InvalidArgument (reason "config.no_store"): there is none; the hint lists those that
  /// there are.
  Result<ConfiguredStore> find(std::string_view alias) const;
  /// Opens a store by its alias or, where the text has a ':', by its URL, as Registry::open does. Errors of a store of
  /// the file have its place.
  Result<std::shared_ptr<SecretStore>> open(const Registry& registry, std::string_view alias_or_url,
                                            const StoreSettings& settings = {}) const;
  /// All stores by their aliases, each opened by its first use (a look at its capabilities is one), for
  /// ResolverOptions::aliases: a document that names one store needs only that one. Opening that failed is the error of
  /// the operation that needed it, and is tried again by the next; NotFound becomes Unavailable, for it is the store
  /// that is not there, and a reference's default is for a secret that is not. What could not be opened when its
  /// capabilities were asked for first claims to be able to do everything, for its whole life, so that the operations
  /// say what is wrong.
  std::map<std::string, std::shared_ptr<SecretStore>, std::less<>> open_lazily(
      const Registry& registry, const StoreSettings& settings = {}) const;

 private:
  StoreConfig() = default;

  std::string file_;
  std::string environment_;
  std::optional<std::string> default_alias_;
  std::map<std::string, ConfiguredStore, std::less<>> stores_;
};

}  // namespace locket::inline v1::config
