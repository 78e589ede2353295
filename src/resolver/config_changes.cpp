#include <map>

#include <locket/resolver/config.hpp>

#include "resolver/config_path.hpp"
#include "resolver/config_tree.hpp"

namespace locket::inline v1 {
namespace {

using resolver::ConfigEntry;
using resolver::is_within;
using resolver::Path;
using resolver::to_string;

using Entries = std::map<Path, const ConfigEntry*>;

bool same(const ConfigEntry& a, const ConfigEntry& b) {
  if (a.kind != b.kind || a.is_secret() != b.is_secret()) return false;
  return a.is_secret() ? **std::get_if<1>(&a.content) == **std::get_if<1>(&b.content) : a.text() == b.text();
}

// Without nulls, which are nothing, and what is empty.
Entries entries_below(const resolver::ConfigTree& tree, const Path& base) {
  Entries entries;
  for (auto it = tree.entries.lower_bound(base); it != tree.entries.end() && is_within(base, it->first); ++it) {
    if (!it->second.is_value()) continue;
    entries.emplace(Path(it->first.begin() + static_cast<std::ptrdiff_t>(base.size()), it->first.end()), &it->second);
  }
  return entries;
}

}  // namespace

ConfigChanges ConfigChanges::between(const Config& before, const Config& after) {
  const Entries old = entries_below(*before.tree_, before.base_);
  const Entries now = entries_below(*after.tree_, after.base_);
  ConfigChanges changes;
  for (const auto& [path, entry] : now) {
    const auto was = old.find(path);
    if (was == old.end()) {
      changes.added.push_back(to_string(path));
    } else if (!same(*was->second, *entry)) {
      changes.changed.push_back(to_string(path));
    }
  }
  for (const auto& [path, entry] : old) {
    if (!now.contains(path)) changes.removed.push_back(to_string(path));
  }
  return changes;
}

}  // namespace locket::inline v1
