#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <locket/clock.hpp>
#include <locket/metadata.hpp>
#include <locket/name.hpp>
#include <locket/observer.hpp>
#include <locket/which.hpp>

namespace locket::inline v1 {

/// What every store is given when it is opened; each backend's Options have them as `settings`.
struct StoreSettings {
  /// Null means `system_clock()`.
  std::shared_ptr<Clock> clock = {};
  /// Hears events without values. Null means nobody listens.
  std::shared_ptr<Observer> observer = {};
  /// With false an expired value is released all the same, and the observer hears ExpiredServed.
  bool enforce_expiry = true;
};

/// How to read one secret.
struct GetOptions {
  Which which = Current{};

  friend bool operator==(const GetOptions&, const GetOptions&) = default;
};

/// One of the secrets that `get_many` is to read. The name is borrowed for the time of the call.
struct GetRequest {
  NameView name;
  GetOptions options = {};

  friend bool operator==(const GetRequest&, const GetRequest&) = default;
};

/// Conditions and extras of a `put` or `rollback`.
struct PutOptions {
  Condition condition = {};
  /// Changed together with the value, in one step. Any patch, an empty one too, needs `annotate`.
  std::optional<MetadataPatch> metadata = {};
  /// 0 to 64 printable ASCII characters without spaces. Repeating the last write of a secret with the same key and data
  /// writes nothing and returns the version that it made, so that a write whose answer was lost can be sent again; the
  /// same key with other data (value or kind) is a Conflict. A `put` or `rollback` in between forgets the key. A repeat
  /// is answered as the first time: the condition is not checked again, a patch is not compared, and a secret that was
  /// removed since stays removed.
  std::string idempotency_key = {};
};

/// What a `list` or `versions` is to return.
struct ListOptions {
  /// With metadata, current version and fields' names of each secret. Needs `list_metadata`, else NotSupported.
  bool metadata = false;
  /// Removed secrets too. Needs `soft_delete`, else NotSupported.
  bool deleted = false;
  /// At most so many items in a page, 1 to 1,000; 0 lets the store choose.
  std::size_t limit = 0;
  /// `Page::next` of the page before; empty for the first page. Everything else must be as it was then.
  std::string page = {};
};

}  // namespace locket::inline v1
