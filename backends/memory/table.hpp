#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/which.hpp>

#include "record.hpp"

namespace locket::inline v1::memory {

/// All secrets of a store: finds them by name under a lock, and knows their order.
///
/// The secrets are spread over shards with a lock each, so that threads that read different secrets seldom meet. The
/// names stand in one ordered index besides, which only a listing and the coming and going of secrets touch. Whoever
/// needs both locks takes the shard's first.
class Table {
 public:
  /// What `use(record)` returns, called under the lock. NotFound.
  template <class Use>
  auto with(NameView name, Use use) -> decltype(use(std::declval<Record&>())) {
    Shard& shard = shard_of(name);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.records.find(name);
    if (found == shard.records.end()) return no_secret(name);
    return use(found->second);
  }

  /// The same, but calls `put(record)` with an empty record, which becomes the secret if `put` succeeds, when there is
  /// none.
  template <class Put>
  Result<Version> with_new(NameView name, Put put) {
    Shard& shard = shard_of(name);
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.records.find(name); found != shard.records.end()) return put(found->second);
    Record record;
    Result<Version> version = put(record);
    if (version) add(shard, name, std::move(record));
    return version;
  }

  /// NotFound.
  Result<void> erase(NameView name);

  /// At most `count` names below `prefix` in their order, those behind `after` unless it is empty.
  std::vector<Name> names(const Prefix& prefix, std::string_view after, std::size_t count) const;

 private:
  /// By bytes, as NameLess, and finds the place of text that is no name: a prefix.
  struct ByText {
    using is_transparent = void;
    static std::string_view text(std::string_view text) noexcept { return text; }
    static std::string_view text(const Name& name) noexcept { return name.text(); }
    bool operator()(const auto& a, const auto& b) const noexcept { return text(a) < text(b); }
  };
  using Records = std::unordered_map<Name, Record, NameHash, NameEqual>;

  /// Aligned to a cache line, so that one shard's lock does not slow its neighbour's.
  struct alignas(64) Shard {
    std::mutex mutex;
    Records records;
  };

  static Error no_secret(NameView name);
  void add(Shard& shard, NameView name, Record record);
  Shard& shard_of(NameView name) noexcept { return shards_[name.hash() % shards_.size()]; }

  std::array<Shard, 16> shards_;
  mutable std::mutex index_mutex_;
  std::set<Name, ByText> index_;
};

}  // namespace locket::inline v1::memory
