#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <locket/metadata.hpp>
#include <locket/name.hpp>
#include <locket/which.hpp>

namespace locket::inline v1 {

/// What `stat` and `list` say about a secret: everything but the value.
struct SecretInfo {
  Name name;
  /// Removed, and not yet purged.
  bool deleted = false;
  /// The current version where the store has versions. A removed secret keeps its own. In a list only when
  /// `ListOptions::metadata` asks, as is what follows.
  std::optional<Version> current = {};
  /// None when it was not asked for.
  std::optional<Metadata> metadata = {};
  /// The names of its fields, none when the store cannot tell them without reading the value, or when it holds bytes.
  std::optional<std::vector<std::string>> fields = {};
};

/// What `versions` says about one version.
struct VersionInfo {
  enum class State : std::uint8_t {
    Live,       ///< It can be read.
    Deleted,    ///< `undelete` may bring it back.
    Destroyed,  ///< Its value is gone for good.
  };

  Version version;
  State state = State::Live;
  bool current = false;
  std::optional<Clock::Wall> created = {};
  /// The labels that it carries, where the store has labels.
  std::vector<std::string> stages = {};
};

/// A part of a listing.
///
/// What was there during the whole listing appears exactly once over its pages; what came or went meanwhile may or may
/// not appear. A page may be empty and still have a next one.
template <class T>
struct Page {
  std::vector<T> items = {};
  /// What to pass as `ListOptions::page` for the next page; empty after the last. Opaque, and bound to the operation,
  /// the prefix or name, and the options that it came from.
  std::string next = {};
  /// What the store holds below the prefix under names that are no locket names ("a b"), so that nothing is hidden.
  /// Control characters and bytes outside ASCII are written as \xNN.
  std::vector<std::string> unaddressable = {};
};

/// Whether a store can serve.
struct Health {
  bool ready = false;
  /// One word that stays the same over releases: "ok" exactly when ready; otherwise one of the store's own, such as
  /// "sealed", "not_initialized" or "missing".
  std::string state = {};
  /// For people: what was looked at, and what to do when it is not ready. May be empty.
  std::string detail = {};
};

}  // namespace locket::inline v1
