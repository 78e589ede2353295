#include "session.hpp"

#include <fmt/format.h>

#include <locket/all.hpp>

#include "failure.hpp"
#include "narrator.hpp"
#include "prompt.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

// The store has a passphrase, and the URL does not say where it is.
bool is_passphrase_wanted(const Error& error, const config::Choice& chosen) {
  if (error.reason() != "local.wrong_key_kind") return false;
  const auto url = StoreUrl::parse(chosen.url);
  if (!url) return false;
  return !url->text("key-file") && !url->text("key-env") && !url->text("passphrase-env");
}

}  // namespace

Result<config::Choice> Session::choice() const {
  auto chosen = config::choose(default_registry(), {.store = store_option, .file = config_option});
  // After LOCKET_STORE=auto, which is the one choice that nobody made.
  if (chosen && !chosen->candidates.empty()) out.say(chosen->reason);
  return chosen;
}

std::string Session::command(std::string_view rest) const {
  std::string text = "locket ";
  if (!config_option.empty()) text += fmt::format("--config {} ", shell_word(printable(config_option)));
  if (!store_option.empty()) text += fmt::format("--store {} ", shell_word(printable(store_option)));
  return text.append(rest);
}

bool Session::may_ask() const {
  return !no_prompt && can_ask();
}

StoreSettings Session::settings() const {
  return {.observer = verbose ? event_narrator() : nullptr};
}

bool Session::may_ask_instead(const Error& error, const config::Choice& chosen) const {
  return may_ask() && is_passphrase_wanted(error, chosen);
}

Error Session::refusal(Error error, const config::Choice& chosen) const {
  const auto options = is_passphrase_wanted(error, chosen) ? local_options(chosen) : Result<local::Options>(error);
  if (options) {
    error.details().hint = fmt::format(
        "run it at a terminal, which asks, or put the passphrase into a variable: "
        "--store 'local:{}?passphrase-env=NAME'",
        printable(options->path));
  }
  return error;
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
  if (!store && may_ask_instead(store.error(), chosen)) {
    auto options = with_passphrase(chosen);
    if (!options) return std::move(options).error();
    store = local::open(std::move(*options));
  }
  if (!store) return refusal(std::move(store).error(), chosen);
  if (verbose) return narrated(std::move(*store));
  return store;
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
  return chosen ? open_admin(*chosen) : chosen.error();
}

Result<local::Admin> Session::open_admin(const config::Choice& chosen) const {
  auto options = local_options(chosen);
  if (!options) return std::move(options).error();
  auto admin = local::Admin::open(std::move(*options));
  if (admin) return admin;
  if (!may_ask_instead(admin.error(), chosen)) return refusal(std::move(admin).error(), chosen);
  auto again = with_passphrase(chosen);
  if (!again) return std::move(again).error();
  return local::Admin::open(std::move(*again));
}

}  // namespace locket::cli
