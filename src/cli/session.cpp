#include "session.hpp"

#include <fmt/format.h>

#include <locket/all.hpp>

#include "failure.hpp"
#include "narrator.hpp"
#include "prompt.hpp"
#include "text.hpp"

namespace locket::cli {

bool Session::may_ask() const {
  return !no_prompt && can_ask();
}

StoreSettings Session::settings() const {
  return {.observer = verbose ? event_narrator() : nullptr};
}

bool Session::is_passphrase_wanted(const Error& error) const {
  if (error.reason() != "local.wrong_key_kind" || !may_ask()) return false;
  const auto url = StoreUrl::parse(choice().url);
  if (!url) return false;
  return !url->text("key-file") && !url->text("key-env") && !url->text("passphrase-env");
}

Result<local::Options> Session::with_passphrase() const {
  auto options = local_options();
  if (!options) return options;
  auto passphrase = ask_hidden(fmt::format("Passphrase of {}: ", printable(options->path)));
  if (!passphrase) return std::move(passphrase).error();
  options->key = local::Passphrase{.text = std::move(*passphrase)};
  return options;
}

Result<std::shared_ptr<SecretStore>> Session::open() const {
  auto store = default_registry().open(choice().url, settings());
  if (!store && is_passphrase_wanted(store.error())) {
    auto options = with_passphrase();
    if (!options) return std::move(options).error();
    store = local::open(std::move(*options));
  }
  if (store && verbose) return narrated(std::move(*store));
  return store;
}

Result<local::Options> Session::local_options() const {
  const Choice chosen = choice();
  auto url = StoreUrl::parse(chosen.url);
  if (!url) return std::move(url).error();
  if (url->scheme() != "local") {
    return usage(fmt::format("{} chose '{}:', and only a local store has keys to manage", chosen.by, url->scheme()),
                 "name a local store: --store local:/path/store.db?key-file=/path/key");
  }
  return local::options_of(*url, settings());
}

Result<local::Admin> Session::open_admin() const {
  auto options = local_options();
  if (!options) return std::move(options).error();
  auto admin = local::Admin::open(std::move(*options));
  if (admin || !is_passphrase_wanted(admin.error())) return admin;
  auto again = with_passphrase();
  if (!again) return std::move(again).error();
  return local::Admin::open(std::move(*again));
}

}  // namespace locket::cli
