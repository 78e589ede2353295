#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <locket/backends/local.hpp>
#include <locket/backends/local_admin.hpp>
#include <locket/config/choice.hpp>
#include <locket/registry.hpp>
#include <locket/store.hpp>

#include "output.hpp"

namespace locket::cli {

/// What every command has: the options that belong to no command, the way to its store, and the way out.
class Session {
 public:
  std::string store_option = {};
  std::string config_option = {};
  bool verbose = false;
  /// Never ask at the terminal: fail instead.
  bool no_prompt = false;
  Output out = {};

  /// Which store is meant, and who said so: --store, $LOCKET_STORE, the configuration file, the default. The one place
  /// where that is asked.
  Result<config::Choice> choice() const;

  /// Opens the chosen store. A local store that is opened with a passphrase, of which the URL does not say where it is,
  /// is asked for at the terminal.
  Result<std::shared_ptr<SecretStore>> open() const;
  Result<std::shared_ptr<SecretStore>> open(const config::Choice& chosen) const;

  /// The chosen store, which must be a local one, as its URL says. InvalidArgument: it is another one.
  Result<local::Options> local_options(const config::Choice& chosen) const;
  /// Opens its administration; asks for a passphrase as `open` does.
  Result<local::Admin> open_admin() const;
  Result<local::Admin> open_admin(const config::Choice& chosen) const;

  /// What to type for `locket REST` to mean the same store: with the --store and --config that were given, in quotes
  /// where a shell wants them.
  std::string command(std::string_view rest) const;

  /// Whether people can be asked.
  bool may_ask() const;

 private:
  StoreSettings settings() const;
  Result<local::Options> with_passphrase(const config::Choice& chosen) const;
  bool may_ask_instead(const Error& error, const config::Choice& chosen) const;
  Error refusal(Error error, const config::Choice& chosen) const;
};

}  // namespace locket::cli
