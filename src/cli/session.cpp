#include "session.hpp"

#include <fmt/format.h>

#include <locket/all.hpp>

#include "failure.hpp"
#include "narrator.hpp"
#include "prompt.hpp"
#include "text.hpp"

namespace locket::cli {

Result<config::Choice> Session::choice() const {
  auto chosen = config::choose(default_registry(), {.store = store_option, .file = config_option});
  // After LOCKET_STORE=auto, which is the one choice that nobody made.
  if (chosen && !chosen->candidates.empty()) out.say(chosen->reason);
  return chosen;
}

bool Session::may_ask() const {
  return !no_prompt && can_ask();
}

StoreSettings Session::settings() const {
  return {.observer = verbose ? event_narrator() : nullptr};
}

bool Session::is_passphrase_wanted(const Error& error, const std::string& chosen) const {
  if (error.reason() != "local.wrong_key_kind" || !may_ask()) return false;
  const auto url = StoreUrl::parse(chosen);
  if (!url) return false;
  return !url->text("key-file") && !url->text("key-env") && !url->text("passphrase-env");
}

Result<local::Options> Session::with_passphrase(const config::Choice& chosen) const {
  auto options = local_options(chosen);
  if (!options) return options;
  auto passphrase = ask_hidden(fmt::format("Passphrase of {}: ", printable(options->path)));
  if (!passphrase) return std::move(passphrase).error();
  options->key = local::Passphrase{.text = std::move(*passphrase)};
  return options;
}

Result<std::shared_ptr<SecretStore>> Session::open() const {
  const auto chosen = choice();
  return chosen ? open(*chosen) : chosen.error();
}

Result<std::shared_ptr<SecretStore>> Session::open(const config::Choice& chosen) const {
  auto store = chosen.open(default_registry(), settings());
  if (!store && is_passphrase_wanted(store.error(), chosen.url)) {
    auto options = with_passphrase(chosen);
    if (!options) return std::move(options).error();
    store = local::open(std::move(*options));
  }
  if (store && verbose) return narrated(std::move(*store));
  return store;
}

Result<local::Options> Session::local_options() const {
  const auto chosen = choice();
  return chosen ? local_options(*chosen) : chosen.error();
}

Result<local::Options> Session::local_options(const config::Choice& chosen) const {
  auto url = StoreUrl::parse(chosen.url);
  if (!url) return std::move(url).error();
  if (url->scheme() != "local") {
    return usage(fmt::format("the store is '{}:', and only a local one has keys to manage", url->scheme()),
                 fmt::format("{}; name a local one: --store local:/path/store.db?key-file=/path/key", chosen.reason));
  }
  return local::options_of(*url, settings());
}

Result<local::Admin> Session::open_admin() const {
  const auto chosen = choice();
  if (!chosen) return chosen.error();
  auto options = local_options(*chosen);
  if (!options) return std::move(options).error();
  auto admin = local::Admin::open(std::move(*options));
  if (admin || !is_passphrase_wanted(admin.error(), chosen->url)) return admin;
  auto again = with_passphrase(*chosen);
  if (!again) return std::move(again).error();
  return local::Admin::open(std::move(*again));
}

}  // namespace locket::cli
