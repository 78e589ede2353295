#include "resolver/hints.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <locket/suggest.hpp>

namespace locket::inline v1::resolver {
namespace {

// A page of a remote store may cost a request for each folder in it; what is near a name is mostly next to it.
constexpr std::size_t page_size = 100;
constexpr std::size_t max_pages = 8;
constexpr std::size_t max_names_told = 5;
// Comparing costs time with each: when nothing at all is found, another thing is wrong than a letter.
constexpr std::size_t max_helped = 50;

// The names around those that are missing, from few pages and each once.
class Neighbours {
 public:
  explicit Neighbours(const Call& call) : call_(call) {}

  // Sorted; those of the folder that `name` is in, or of the next around it that is not empty.
  const std::vector<std::string>& of(SecretStore& store, std::string_view name) {
    std::string_view folder = around(name);
    const std::vector<std::string>* names = &names_in(store, folder);
    while (names->empty() && !folder.empty()) {
      folder = around(folder.substr(0, folder.size() - 1));
      names = &names_in(store, folder);
    }
    return *names;
  }

 private:
  static std::string_view around(std::string_view name) { return name.substr(0, name.rfind('/') + 1); }

  const std::vector<std::string>& names_in(SecretStore& store, std::string_view folder) {
    const auto [known, first] = known_.try_emplace({&store, std::string(folder)});
    if (first && store.capabilities().list && pages_++ < max_pages) known->second = page_of(store, folder);
    return known->second;
  }

  // One that fails may have cost a timeout: no more are asked for.
  std::vector<std::string> page_of(SecretStore& store, std::string_view folder) {
    std::vector<std::string> names;
    const auto prefix = Prefix::parse(folder);
    if (!prefix) return names;
    const auto page = store.list(*prefix, {.limit = page_size}, call_);
    if (!page) pages_ = max_pages;
    if (!page) return names;
    for (const SecretInfo& info : page->items) names.push_back(info.name.text());
    std::ranges::sort(names);
    return names;
  }

  const Call& call_;
  std::map<std::pair<SecretStore*, std::string>, std::vector<std::string>> known_;
  std::size_t pages_ = 0;
};

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
  Neighbours neighbours(call);
  std::size_t helped = 0;
  for (Problem& problem : plan.problems) {
    if (!problem.no_such_secret || ++helped > max_helped) continue;
    const Bound& bound = binding.slots[problem.slot];
    const std::string name(bound.name->text());
    const auto& names = neighbours.of(*bound.store, name);
    if (std::ranges::binary_search(names, name)) continue;  // a version of it is missing
    if (auto hint = meant(name, names)) problem.details.hint = std::move(*hint);
  }
}

}  // namespace locket::inline v1::resolver
