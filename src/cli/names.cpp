#include "names.hpp"

#include <fmt/format.h>

#include <locket/suggest.hpp>

namespace locket::cli {
namespace {

// One page of a remote store may cost a request for each folder in it: enough to find what is next to a name.
constexpr std::size_t most_names = 100;

std::string_view folder_of(std::string_view name) {
  return name.substr(0, name.rfind('/') + 1);
}

// Those of the folder that `name` is in, or of the next around it that is not empty. The hint is all that is lost when
// that fails; the error that it belongs to is told.
std::vector<std::string> names_near(SecretStore& store, std::string_view name) {
  std::vector<std::string> names;
  std::string_view folder = folder_of(name);
  for (;;) {
    const auto page = store.list(folder, {.limit = most_names});
    if (!page) return names;
    for (const SecretInfo& info : page->items) names.push_back(info.name.text());
    if (!names.empty() || folder.empty()) return names;
    folder = folder_of(folder.substr(0, folder.size() - 1));
  }
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
  const std::vector<std::string> names = names_near(store, name);
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
