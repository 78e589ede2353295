#include "resolver/hints.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <locket/suggest.hpp>

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t page_size = 1000;
constexpr std::size_t max_pages = 10;
constexpr std::size_t max_names_told = 5;
// Comparing costs time with each: when nothing at all is found, another thing is wrong than a letter.
constexpr std::size_t max_helped = 50;

std::vector<std::string> names_of(SecretStore& store, const Call& call) {
  std::vector<std::string> names;
  if (!store.capabilities().list) return names;
  ListOptions options{.limit = page_size};
  for (std::size_t i = 0; i < max_pages; ++i) {
    auto page = store.list(Prefix(), options, call);
    if (!page) return names;
    for (const SecretInfo& info : page->items) names.push_back(info.name.text());
    if (page->next.empty()) break;
    options.page = std::move(page->next);
  }
  std::ranges::sort(names);
  return names;
}

// "db/password" where "db" is a secret: its writer may have meant the field.
std::optional<std::string> as_field(const std::string& name, const std::vector<std::string>& names) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string parent = name.substr(0, slash);
  if (!std::ranges::binary_search(names, parent)) return std::nullopt;
  return fmt::format("'{}' is a secret: for its field write '{}#{}'", parent, parent, name.substr(slash + 1));
}

std::optional<std::string> as_folder(const std::string& name, const std::vector<std::string>& names) {
  std::vector<std::string> below;
  const std::string folder = name + '/';
  for (auto it = std::ranges::lower_bound(names, folder); it != names.end() && it->starts_with(folder); ++it) {
    if (below.size() == max_names_told) {
      below.emplace_back("...");
      break;
    }
    below.push_back(*it);
  }
  if (below.empty()) return std::nullopt;
  return fmt::format("'{}' is a folder; in it are: {}", name, fmt::join(below, ", "));
}

// "db/password:-none", as shells write defaults.
std::optional<std::string> as_shell_default(const std::string& name) {
  const bool default_of_shells = name.find(":-") != std::string::npos;
  return default_of_shells ? std::optional("a default stands behind '|', not ':-'") : std::nullopt;
}

std::optional<std::string> meant(const std::string& name, const std::vector<std::string>& names) {
  if (auto shell = as_shell_default(name)) return shell;
  if (auto near = suggest(name, names)) return fmt::format("did you mean '{}'?", *near);
  if (auto field = as_field(name, names)) return field;
  return as_folder(name, names);
}

}  // namespace

void add_name_hints(Plan& plan, const Binding& binding, const Call& call) {
  std::map<SecretStore*, std::vector<std::string>> known;
  std::size_t helped = 0;
  for (Problem& problem : plan.problems) {
    if (!problem.no_such_secret || ++helped > max_helped) continue;
    const Bound& bound = binding.slots[problem.slot];
    const auto [names, first] = known.try_emplace(bound.store);
    if (first) names->second = names_of(*bound.store, call);
    const std::string name(bound.name->text());
    if (std::ranges::binary_search(names->second, name)) continue;  // a version of it is missing
    if (auto hint = meant(name, names->second)) problem.details.hint = std::move(*hint);
  }
}

}  // namespace locket::inline v1::resolver
