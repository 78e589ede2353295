#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/export.hpp>
#include <locket/metadata.hpp>
#include <locket/result.hpp>
#include <locket/secret_data.hpp>
#include <locket/secret_value.hpp>
#include <locket/which.hpp>

namespace locket::inline v1 {

/// Where a value came from.
enum class Source : std::uint8_t {
  Store,    ///< The store answered just now.
  Cache,    ///< A cache had it.
  Offline,  ///< A copy kept for the time when the store cannot be reached.
};

/// How a value was delivered.
struct Delivery {
  Source source = Source::Store;
  /// Older than the cache's `ttl`, and released as its owner configured.
  bool stale = false;

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// One version of a secret as it was read: a handle on something immutable. Copying costs as much as copying a
/// shared_ptr and copies no value; the value is wiped when the last handle goes. It stays readable when the store is
/// gone, and in a forked child.
///
///     locket::Result<locket::Secret> db = store->get("db");
///     connect(db->field("username")->expose(), db->field("password")->expose());
///
/// Thread safety: handles of one Secret may be used on any threads; one handle as a std::shared_ptr.
class LOCKET_EXPORT Secret {
 public:
  /// For backends. `version` is none where the store knows no versions.
  explicit Secret(SecretData data, std::optional<Version> version = {}, Metadata metadata = {});

  /// The bytes; for fields, their JSON object.
  const SecretValue& value() const noexcept;
  /// Whether bytes or fields were put.
  SecretData::Kind kind() const noexcept;

  /// One field, copied. The value of a string member is its text, of a number, `true` or `false` its literal, of a
  /// nested object or array its JSON text; a member that is `null` is as one that is not there. Bytes that are a JSON
  /// object have fields too (AWS's console and many tools write secrets so). NotFound (reason "secret.no_field") when
  /// there is no such member, with the names that there are; InvalidArgument (reason "secret.no_fields") when the value
  /// is not a JSON object. Parsed at the first call, then kept.
  Result<SecretValue> field(std::string_view name) const;
  /// The fields' names in their order. InvalidArgument as for `field`.
  Result<std::vector<std::string>> field_names() const;

  const std::optional<Version>& version() const noexcept;
  const Metadata& metadata() const noexcept;

  Delivery delivery() const noexcept { return delivery_; }
  /// The same secret, delivered otherwise. For caches.
  Secret delivered(Delivery delivery) const;

 private:
  struct Content;
  std::string known_fields() const;

  std::shared_ptr<const Content> content_;
  Delivery delivery_ = {};
};

/// Writes `***`.
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, const Secret& secret);

}  // namespace locket::inline v1
