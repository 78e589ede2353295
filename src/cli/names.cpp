#include "names.hpp"

#include <fmt/format.h>

#include <locket/suggest.hpp>

namespace locket::cli {
namespace {

// Enough for people's stores; more would keep them waiting for an error.
constexpr std::size_t most_names = 5000;

std::vector<std::string> names_of(SecretStore& store) {
  std::vector<std::string> names;
  ListOptions options;
  do {
    auto page = store.list("", options);
    // The hint is all that is lost; the error that it belongs to is told.
    if (!page) return {};
    for (const SecretInfo& info : page->items) names.push_back(info.name.text());
    options.page = page->next;
  } while (!options.page.empty() && names.size() < most_names);
  return names;
}

}  // namespace

Result<std::vector<SecretInfo>> list_all(SecretStore& store, const std::string& prefix, const ListOptions& options,
                                         std::vector<std::string>* unaddressable) {
  std::vector<SecretInfo> all;
  ListOptions next = options;
  do {
    auto page = store.list(prefix, next);
    if (!page) return std::move(page).error();
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    if (unaddressable != nullptr) {
      unaddressable->insert(unaddressable->end(), page->unaddressable.begin(), page->unaddressable.end());
    }
    next.page = page->next;
  } while (!next.page.empty());
  return all;
}

Error with_suggestion(SecretStore& store, Error error, const std::string& name) {
  if (error.code() != ErrorCode::NotFound || !store.capabilities().list) return error;
  const std::vector<std::string> names = names_of(store);
  // A version that is not there, of a secret that is.
  if (std::find(names.begin(), names.end(), name) != names.end()) return error;
  if (const auto meant = suggest(name, names)) error.details().hint = fmt::format("did you mean '{}'?", *meant);
  return error;
}

Condition parse_condition(const std::string& if_version) {
  if (if_version.empty()) return {};
  if (if_version == "none") return MustNotExist{};
  return Version(if_version);
}

std::string version_in_words(const Version& version) {
  return version.text().empty() ? std::string() : fmt::format(", version {}", version.text());
}

}  // namespace locket::cli
