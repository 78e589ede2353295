#include "resolver_yaml/aliases.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "resolver/found_size.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t cost_of_one = 256;

Path behind(const Path& path, std::size_t steps) {
  return {path.begin() + static_cast<std::ptrdiff_t>(steps), path.end()};
}

bool is_key(const Path& path, std::size_t step, std::string_view name) {
  const auto* key = step < path.size() ? std::get_if<std::string>(&path[step]) : nullptr;
  return key != nullptr && *key == name;
}

/// Where a value comes from that stands below a merge key.
struct Merged {
  std::size_t source = 0;  ///< which of the list
  std::size_t key = 0;     ///< the step of its path that is a key of the mapping
};

// None for what no merge key takes: a text, a list of texts.
std::optional<Merged> merged(const Path& path, std::size_t merge_key) {
  Merged found{.key = merge_key + 1};
  if (found.key < path.size()) {
    if (const auto* index = std::get_if<std::size_t>(&path[found.key])) {
      found.source = *index;
      ++found.key;
    }
  }
  const bool has_key = found.key < path.size() && std::holds_alternative<std::string>(path[found.key]);
  return has_key ? std::optional(found) : std::nullopt;
}

bool is_empty_collection(const Scalar& scalar) {
  return scalar.kind == Kind::EmptyMapping || scalar.kind == Kind::EmptySequence;
}

}  // namespace

YamlAliases::Outcome YamlAliases::keep(std::string_view anchor, std::span<const Scalar> scalars, std::size_t depth) {
  std::vector<Scalar> kept;
  for (const Scalar& each : scalars) {
    if (!spend(each, 0)) return Outcome::TooMuch;
    kept.push_back(each);
    kept.back().path = behind(each.path, depth);
  }
  anchors_.insert_or_assign(std::string(anchor), std::move(kept));
  return Outcome::Fine;
}

YamlAliases::Outcome YamlAliases::expand(std::string_view anchor, const Path& path, std::vector<Scalar>& found) {
  const auto known = anchors_.find(anchor);
  if (known == anchors_.end()) return Outcome::Unknown;
  const std::size_t above = keys_size(path);
  for (const Scalar& each : known->second) {
    if (!spend(each, above)) return Outcome::TooMuch;
    if (path.size() + each.path.size() > max_depth_) return Outcome::TooDeep;
    Scalar& copy = found.emplace_back(each);
    copy.path.insert(copy.path.begin(), path.begin(), path.end());
  }
  return Outcome::Fine;
}

const std::string* YamlAliases::key(std::string_view anchor) const {
  const auto known = anchors_.find(anchor);
  const bool is_scalar = known != anchors_.end() && known->second.size() == 1 && known->second.front().path.empty();
  return is_scalar ? &known->second.front().text : nullptr;
}

bool YamlAliases::spend(const Scalar& scalar, std::size_t above) {
  const std::size_t cost = cost_of_one + scalar.text.size() + keys_size(scalar.path) + above;
  const bool enough = cost <= left_;
  left_ -= enough ? cost : left_;
  return enough;
}

void apply_merge_key(const Path& path, std::size_t first, std::vector<Scalar>& found) {
  const std::size_t depth = path.size();
  std::set<PathStep> own;
  std::map<PathStep, std::size_t> sources;
  for (std::size_t i = first; i < found.size(); ++i) {
    if (!is_key(found[i].path, depth, "<<")) own.insert(found[i].path[depth]);
  }
  const auto covered = [&](Scalar& each) {
    if (!is_key(each.path, depth, "<<")) return false;
    const auto from = merged(each.path, depth);
    if (!from) return is_empty_collection(each);
    const PathStep& key = each.path[from->key];
    if (own.contains(key) || sources.try_emplace(key, from->source).first->second != from->source) return true;
    each.path.erase(each.path.begin() + static_cast<std::ptrdiff_t>(depth),
                    each.path.begin() + static_cast<std::ptrdiff_t>(from->key));
    return false;
  };
  const auto begin = found.begin() + static_cast<std::ptrdiff_t>(first);
  found.erase(std::remove_if(begin, found.end(), covered), found.end());
}

}  // namespace locket::inline v1::resolver
