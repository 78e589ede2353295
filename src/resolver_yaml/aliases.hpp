#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// What the anchors of one YAML document stand for, by path.
class YamlAliases {
 public:
  enum class Outcome : std::uint8_t {
    Fine,
    Unknown,  ///< no such anchor, or none that ends before the alias
    TooMuch,  ///< more than aliases may add
    TooDeep,
  };

  explicit YamlAliases(std::size_t max_depth) : max_depth_(max_depth) {}

  void begin_document() { anchors_.clear(); }

  /// The node with this anchor is these scalars, whose paths begin with `depth` steps that lead to it.
  Outcome keep(std::string_view anchor, std::span<const Scalar> scalars, std::size_t depth);

  /// Appends what the alias stands for, at `path`.
  Outcome expand(std::string_view anchor, const Path& path, std::vector<Scalar>& found);

  /// The text that an alias in a key's place stands for; null when it is none.
  const std::string* key(std::string_view anchor) const;

 private:
  /// `above`: bytes of the keys above the alias.
  bool spend(const Scalar& scalar, std::size_t above);

  std::size_t max_depth_;
  std::size_t left_ = std::size_t{64} << 20U;  ///< bytes that the aliases of a stream may still cost
  std::map<std::string, std::vector<Scalar>, std::less<>> anchors_;
};

/// Puts the values of the mapping's merge key (`<<: *defaults`, `<<: [*a, *b]`) beside its own, which win, as do those
/// of the first in the list. `found` holds the values of the mapping at `path` from `first` on.
void apply_merge_key(const Path& path, std::size_t first, std::vector<Scalar>& found);

}  // namespace locket::inline v1::resolver
