#include <locket/registry.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "core/outside.hpp"

namespace locket::inline v1 {
namespace {

constexpr std::string_view no_credentials = "a store URL names a place and never carries a credential; ";

Error invalid(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "registry.invalid",
                .message = std::move(message),
                .hint = std::move(hint)});
}

bool sounds_like_credential(std::string_view option) {
  constexpr std::array words{"token", "password", "passphrase", "secret", "key", "user"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return option.find(word) != std::string_view::npos; });
}

Error unknown_option(const Scheme& scheme, const std::string& option) {
  std::string hint = scheme.options.empty() ? "it takes no options" : suggestion_hint(option, scheme.options);
  if (sounds_like_credential(option)) hint.insert(0, no_credentials);
  return invalid(fmt::format("'{}:' URLs have no option '{}'", scheme.name, option), std::move(hint));
}

Result<void> check_options(const Scheme& scheme, const StoreUrl& url) {
  for (const auto& [option, value] : url.options()) {
    const bool known = std::find(scheme.options.begin(), scheme.options.end(), option) != scheme.options.end();
    if (!known) return unknown_option(scheme, option);
  }
  return {};
}

}  // namespace

void Registry::add(Scheme scheme) {
  std::string name = scheme.name;
  schemes_.insert_or_assign(std::move(name), std::move(scheme));
}

std::vector<std::string> Registry::schemes() const {
  std::vector<std::string> names;
  names.reserve(schemes_.size());
  for (const auto& [name, scheme] : schemes_) names.push_back(name);
  return names;
}

Result<const Scheme*> Registry::scheme_of(const StoreUrl& url) const {
  const auto scheme = schemes_.find(url.scheme());
  if (scheme == schemes_.end()) {
    return invalid(fmt::format("no store is known for '{}:' URLs", url.scheme()),
                   suggestion_hint(url.scheme(), schemes()));
  }
  if (auto good = check_options(scheme->second, url); !good) return std::move(good).error();
  return &scheme->second;
}

Result<void> Registry::check(std::string_view url) const {
  auto parsed = StoreUrl::parse(url);
  if (!parsed) return std::move(parsed).error();
  if (auto scheme = scheme_of(*parsed); !scheme) return std::move(scheme).error();
  return {};
}

const Scheme* Registry::find(const std::string& scheme) const noexcept {
  const auto found = schemes_.find(scheme);
  return found == schemes_.end() ? nullptr : &found->second;
}

Result<std::shared_ptr<SecretStore>> Registry::open(std::string_view url, const StoreSettings& settings) const {
  auto parsed = StoreUrl::parse(url);
  if (!parsed) return std::move(parsed).error();
  auto scheme = scheme_of(*parsed);
  if (!scheme) return std::move(scheme).error();
  return (*scheme)->open(*parsed, settings);
}

Result<std::shared_ptr<SecretStore>> open_default(const Registry& registry, std::string_view store,
                                                  const StoreSettings& settings) {
  if (!store.empty()) return registry.open(store, settings);
  const char* chosen = chosen_from_outside("LOCKET_STORE");
  if (chosen != nullptr && *chosen != '\0') return registry.open(chosen, settings);
  const auto schemes = registry.schemes();
  if (std::find(schemes.begin(), schemes.end(), "local") != schemes.end()) return registry.open("local:", settings);
  return invalid("no store is chosen", "set LOCKET_STORE to a store's URL, such as env:?prefix=MYAPP_");
}

}  // namespace locket::inline v1
