#include "references.hpp"

#include <utility>

#include <fmt/format.h>

#include <locket/all.hpp>

#include "input.hpp"
#include "late_store.hpp"

namespace locket::cli {
namespace {

// The store's own option decides about expiry; what stands before it asks its settings.
StoreSettings settings_of(const std::string& url) {
  StoreSettings settings;
  const auto parsed = StoreUrl::parse(url);
  if (!parsed) return settings;
  const auto enforce = parsed->boolean("enforce-expiry", settings.enforce_expiry);
  if (enforce) settings.enforce_expiry = *enforce;
  return settings;
}

std::shared_ptr<SecretStore> when_needed(const Session& session, config::Choice choice) {
  const std::string description = choice.alias.empty() ? "the store" : fmt::format("store '{}'", choice.alias);
  const StoreSettings settings = settings_of(choice.url);
  return late_store([session, choice = std::move(choice)] { return session.open(choice); }, description, settings);
}

// The one that the choice was made by, when it was needed for that.
Result<std::optional<config::StoreConfig>> config_of(const Session& session, const config::Choice& choice) {
  if (choice.config) return choice.config;
  return config::find_config(default_registry(), {.store = session.store_option, .file = session.config_option});
}

}  // namespace

Result<Resolver> make_resolver(const Session& session, ResolverOptions options) {
  auto choice = session.choice();
  if (!choice) return std::move(choice).error();
  auto config = config_of(session, *choice);
  if (!config) return std::move(config).error();
  options.max_input = max_input;
  options.max_output = max_input;
  if (*config) {
    for (const auto& [alias, store] : (*config)->stores()) {
      options.aliases[alias] = when_needed(session, {.url = store.url, .alias = alias, .place = store.place});
    }
  }
  return Resolver::create(when_needed(session, std::move(*choice)), std::move(options));
}

}  // namespace locket::cli
