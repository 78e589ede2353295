#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "box.hpp"
#include "state.hpp"

namespace locket::inline v1::local {

/// A row that was written: the tags of its item's box, none where there is no row.
struct RowChange {
  std::uint8_t bucket = 0;
  std::optional<Tag> before = {};
  std::optional<Tag> after = {};
};

/// The rows that were added up and came to what the state says, by the tags of their items' boxes. A bucket is added up
/// along one tree of the file and a secret is found along another; when those disagree, a row that was not counted
/// would be found.
class VerifiedRows {
 public:
  bool has(std::uint8_t bucket) const noexcept { return whole_[bucket]; }
  bool contains(std::uint8_t bucket, const Tag& tag) const noexcept {
    return std::ranges::binary_search(tags_[bucket], tag);
  }
  void set(std::uint8_t bucket, std::vector<Tag> tags) {
    std::ranges::sort(tags);
    tags_[bucket] = std::move(tags);
    whole_.set(bucket);
  }
  void apply(const RowChange& change) {
    std::vector<Tag>& tags = tags_[change.bucket];
    if (change.before) {
      const auto [first, last] = std::ranges::equal_range(tags, *change.before);
      tags.erase(first, last);
    }
    if (change.after) tags.insert(std::ranges::upper_bound(tags, *change.after), *change.after);
  }

 private:
  std::bitset<bucket_count> whole_ = {};
  std::array<std::vector<Tag>, bucket_count> tags_ = {};
};

}  // namespace locket::inline v1::local
