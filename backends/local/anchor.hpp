#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <locket/random.hpp>
#include <locket/result.hpp>

#include "codec.hpp"

/// What tells the latest state of a store from an older one.
namespace locket::inline v1::local {

/// Where a store is in its history: the number of its last write, and which of all writes with that number it was.
struct Mark {
  std::uint64_t generation = 0;
  /// SHA-256 of the state's box.
  Digest state{};

  friend bool operator==(const Mark&, const Mark&) = default;
};

/// Integrity (reason "local.rolled_back") when `found` is older than `seen`, or another state of the same number.
Result<void> check_not_older(const Mark& found, const Mark& seen, std::string_view seen_by);

/// The newest state that this process has seen through one store object. Thread-safe.
class Watermark {
 public:
  /// To be called while the file is locked for reading, so that nothing newer can be committed meanwhile.
  Result<void> check(const Mark& found);
  void raise(const Mark& committed);

 private:
  std::mutex mutex_;
  std::optional<Mark> seen_;
};

/// The same in a file outside of the store's, 72 bytes:
///     "lkanchr1" ‖ store_id[16] ‖ u64 generation ‖ SHA-256 of the state's box[32] ‖ SHA-256 of all before[0..8]
/// Written anew and renamed, under a lock on PATH.lock, by whoever committed. Thread-safe.
class Anchor {
 public:
  struct Settings {
    std::string path;
    StoreId store;
    std::shared_ptr<RandomSource> random;
    /// How long to wait for the lock.
    std::chrono::milliseconds patience;
  };
  explicit Anchor(Settings settings) : settings_(std::move(settings)) {}

  /// Begins with `mark` where there is no file yet. Conflict (reason "local.exists") where there is.
  Result<void> start(const Mark& mark);
  /// local.anchor_missing, local.anchor (it is none, or another store's), local.rolled_back.
  Result<void> check(const Mark& found);
  /// Never goes back. local.anchor_missing, local.anchor.
  Result<void> advance(const Mark& committed);

 private:
  Result<std::optional<Mark>> read();
  Result<std::string> encode(const Mark& mark) const;
  Error missing() const;

  Settings settings_;
};

}  // namespace locket::inline v1::local
