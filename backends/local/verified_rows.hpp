#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "box.hpp"
#include "state.hpp"

namespace locket::inline v1::local {

/// A row that was written: the tags of its item's box, none where there is no row.
struct RowChange {
  std::uint8_t bucket = 0;
  std::string name = {};
  std::optional<Tag> before = {};
  std::optional<Tag> after = {};
};

/// The rows of a bucket, by their names and the tags of their items' boxes.
class CountedRows {
 public:
  void add(std::string_view name, const Tag& tag) {
    names_.emplace_back(name);
    tags_.push_back(tag);
  }
  /// After which they can be found.
  void sort() {
    std::ranges::sort(names_);
    std::ranges::sort(tags_);
  }

  bool has(std::string_view name) const noexcept { return std::ranges::binary_search(names_, name); }
  bool has(const Tag& tag) const noexcept { return std::ranges::binary_search(tags_, tag); }

  void apply(const RowChange& change) {
    change_one(names_, change.name, change.before.has_value(), change.name, change.after.has_value());
    change_one(tags_, change.before.value_or(Tag()), change.before.has_value(), change.after.value_or(Tag()),
               change.after.has_value());
  }

 private:
  template <class T>
  static void change_one(std::vector<T>& sorted, const T& before, bool was, const T& after, bool is) {
    if (was) {
      const auto [first, last] = std::ranges::equal_range(sorted, before);
      sorted.erase(first, last);
    }
    if (is) sorted.insert(std::ranges::upper_bound(sorted, after), after);
  }

  std::vector<std::string> names_ = {};
  std::vector<Tag> tags_ = {};
};

/// The rows that were added up and came to what the state says. A bucket is added up on one way through the file and a
/// secret is found on another; when these disagree, a row that was not counted would be found, or one that was counted
/// would not.
class VerifiedRows {
 public:
  bool has(std::uint8_t bucket) const noexcept { return whole_[bucket]; }
  template <class Key>
  bool has(std::uint8_t bucket, const Key& name_or_tag) const noexcept {
    return rows_[bucket].has(name_or_tag);
  }
  void set(std::uint8_t bucket, CountedRows rows) {
    rows.sort();
    rows_[bucket] = std::move(rows);
    whole_.set(bucket);
  }
  void apply(const RowChange& change) { rows_[change.bucket].apply(change); }

 private:
  std::bitset<bucket_count> whole_ = {};
  std::array<CountedRows, bucket_count> rows_ = {};
};

}  // namespace locket::inline v1::local
