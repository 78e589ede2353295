#include "resolver/config_layers.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <variant>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "resolver/config_path.hpp"
#include "resolver/source_place.hpp"

namespace locket::inline v1::resolver {
namespace {

bool is_index(const PathStep& step) {
  return std::holds_alternative<std::size_t>(step);
}

// The outermost sequence in which `path` stands; `path` itself when it stands in none.
Path replaced_whole(const Path& path) {
  return {path.begin(), std::ranges::find_if(path, is_index)};
}

// Whether no document can have both: one is within the other, or a mapping and a sequence stand in the same place.
bool exclude_each_other(const Path& a, const Path& b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() || in_b == b.end()) return true;
  return in_a->index() != in_b->index();
}

}  // namespace

Place place_of(const Layer& layer, const Scalar& scalar) {
  Place place = source_place(layer.text, scalar.begin);
  place.file = layer.file;
  place.path = to_string(scalar.path);
  return place;
}

void Layering::run() {
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const Outline own = outline_of(layer);
    std::optional<Path> replaced;
    for (const auto& [path, origin] : own) {
      if (origin.scalar->kind == Kind::EmptyMapping && is_mapping(path)) continue;
      const Path root = replaced_whole(path);
      const bool is_sequence = root.size() < path.size();
      if (!is_sequence || root != replaced) put(root, origin);
      if (is_sequence) replaced = root;
      seen_.insert_or_assign(path, origin);
    }
  }
}

std::vector<Values> Layering::visible() const {
  std::vector<Values> values(layers_.size());
  for (const auto& [path, origin] : seen_) values[origin.layer].emplace(path, origin.scalar);
  return values;
}

// In the order of paths, whatever excludes another stands beside it.
Layering::Outline Layering::outline_of(std::size_t layer) {
  std::vector<const Scalar*> sorted;
  for (const Scalar& scalar : layers_[layer].scalars) sorted.push_back(&scalar);
  // They lie one behind the other: of the same path, the one that is written first comes first.
  std::ranges::sort(sorted, {},
                    [](const Scalar* each) { return std::tuple<const Path&, const Scalar*>(each->path, each); });
  Outline outline;
  const Scalar* before = nullptr;
  for (const Scalar* each : sorted) {
    if (before != nullptr && exclude_each_other(before->path, each->path)) {
      const Place place = place_of(layers_[layer], *before);
      errors.push_back(
          Error({.code = ErrorCode::InvalidArgument,
                 .reason = "config.duplicate",
                 .message = fmt::format("the value stands where {}:{} has one already", place.line, place.column),
                 .hint = "give each its own key",
                 .place = place_of(layers_[layer], *each)}));
      continue;
    }
    outline.emplace(each->path, Origin{.layer = layer, .scalar = each});
    before = each;
  }
  return outline;
}

bool Layering::is_mapping(const Path& path) const {
  const auto found = seen_.lower_bound(path);
  if (found == seen_.end() || !is_within(path, found->first)) return false;
  return found->first.size() == path.size() ? found->second.scalar->kind == Kind::EmptyMapping
                                            : !is_index(found->first[path.size()]);
}

// Takes away what `upper` replaces.
void Layering::put(const Path& root, const Origin& upper) {
  if (cover_from_above(root, upper)) uncover(root, upper);
}

// A value or a sequence in the place of a mapping in which `upper` stands: only nothing gives way.
bool Layering::cover_from_above(const Path& root, const Origin& upper) {
  Path outer = root;
  while (!outer.empty()) {
    outer.pop_back();
    auto lower = seen_.find(outer);
    if (lower == seen_.end()) lower = first_element(outer);
    if (lower == seen_.end()) continue;
    const Origin covered = lower->second;
    seen_.erase(lower);
    const bool gives_way = covered.scalar->kind == Kind::Null || covered.scalar->kind == Kind::EmptyMapping;
    if (gives_way && covered.scalar->path == outer) return true;
    clash(upper, covered);
    return false;
  }
  return true;
}

// Of the sequence at `path`, if it is one: keys are sorted before indices.
Layering::Outline::iterator Layering::first_element(Path path) {
  path.emplace_back(std::size_t{0});
  const auto found = seen_.lower_bound(path);
  path.pop_back();
  return found != seen_.end() && is_within(path, found->first) ? found : seen_.end();
}

// What is at `root` or below it gives way, unless one of the two is a mapping, for two mappings did not come here.
void Layering::uncover(const Path& root, const Origin& upper) {
  auto lower = seen_.lower_bound(root);
  if (lower == seen_.end() || !is_within(root, lower->first)) return;
  const bool takes_null = lower->first == root && lower->second.scalar->kind == Kind::Null;
  const bool brings_mapping = upper.scalar->kind == Kind::EmptyMapping && upper.scalar->path == root;
  if (is_mapping(root) || (brings_mapping && !takes_null)) return clash(upper, lower->second);
  while (lower != seen_.end() && is_within(root, lower->first)) lower = seen_.erase(lower);
}

void Layering::clash(const Origin& upper, const Origin& lower) {
  const Place place = place_of(layers_[lower.layer], *lower.scalar);
  errors.push_back(Error({.code = ErrorCode::InvalidArgument,
                          .reason = "config.layers",
                          .message = fmt::format("the value has another shape than in {}, where {} is set",
                                                 printable(place.file), place.to_string()),
                          .hint = "let both layers have a mapping there, or none",
                          .place = place_of(layers_[upper.layer], *upper.scalar)}));
}

}  // namespace locket::inline v1::resolver
