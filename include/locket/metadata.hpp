#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <locket/clock.hpp>
#include <locket/export.hpp>

namespace locket::inline v1 {

/// What is known about a secret besides its value. None of it is secret: it is listed, logged and stored in the
/// service's own plain place. It belongs to the secret and not to one version.
struct Metadata {
  /// One line for people.
  std::string description = {};
  /// What kind of credential, a word such as those of `CredentialType` ("basic_auth"); free text otherwise.
  std::string type = {};
  /// Who issued it: "openai", "postgres".
  std::string provider = {};
  /// A free word of the application's ("active", "rotating", "revoked"). Information only: nothing is enforced by it.
  std::string status = {};
  /// Free labels. Keys are 1 to 128 bytes, values at most 256; a store may allow less (`Capabilities::max_tags`).
  std::map<std::string, std::string> tags = {};
  /// When the first version was written; none where the store does not know. A patch cannot change it.
  std::optional<Clock::Wall> created = {};
  /// When the value or the metadata last changed; none where the store does not know. A patch cannot change it.
  std::optional<Clock::Wall> updated = {};
  /// From this moment on the value is not released (Expired), unless StoreSettings::enforce_expiry is off.
  std::optional<Clock::Wall> expires = {};
  /// How often the value should be replaced: more than 0. A reminder, never enforced.
  std::optional<std::chrono::seconds> rotation_period = {};
  /// When the value was last replaced by a rotation.
  std::optional<Clock::Wall> last_rotated = {};
  /// How many days before the next rotation, or before `expires`, to remind people. 0 to 3,650.
  std::optional<std::uint32_t> reminder_days = {};

  friend bool operator==(const Metadata&, const Metadata&) = default;
};

/// Takes a value away in a patch: `{.expires = clear}`.
struct Clear {
  friend bool operator==(const Clear&, const Clear&) = default;
};
inline constexpr Clear clear{};

/// What a patch does to one field: leave it (the default), clear it, or set it.
template <class T>
class Change {
 public:
  Change() = default;
  Change(Clear) : change_(Clear{}) {}
  template <class U = T>
    requires std::convertible_to<U, T>
  Change(U&& value) : change_(std::in_place_type<T>, std::forward<U>(value)) {}

  bool keeps() const noexcept { return std::holds_alternative<std::monostate>(change_); }
  bool clears() const noexcept { return std::holds_alternative<Clear>(change_); }
  /// The new value, null when the field is kept or cleared.
  const T* value() const noexcept { return std::get_if<T>(&change_); }

  friend bool operator==(const Change&, const Change&) = default;

 private:
  std::variant<std::monostate, Clear, T> change_;
};

/// A change of metadata that leaves alone what it does not name:
///
///     store->annotate("db/password", {.description = "the main database", .tags = {{"team", "core"}, {"old",
///     clear}}});
struct MetadataPatch {
  Change<std::string> description = {};
  Change<std::string> type = {};
  Change<std::string> provider = {};
  Change<std::string> status = {};
  /// Tags that are not named stay.
  std::map<std::string, Change<std::string>> tags = {};
  Change<Clock::Wall> expires = {};
  Change<std::chrono::seconds> rotation_period = {};
  Change<Clock::Wall> last_rotated = {};
  Change<std::uint32_t> reminder_days = {};

  friend bool operator==(const MetadataPatch&, const MetadataPatch&) = default;
};

/// `metadata` with `patch` applied. What the patch cannot name (`created`, `updated`) stays.
LOCKET_EXPORT Metadata apply(Metadata metadata, const MetadataPatch& patch);

}  // namespace locket::inline v1
