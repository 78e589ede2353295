#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/decorators/intercepting_store.hpp>
#include <locket/store.hpp>

/// Every operation called alike, for what is demanded of all of them.
namespace locket::inline v1::testing {

/// What an operation is tried with.
struct Attempt {
  /// The secret, given as text; what List takes as its prefix.
  std::string_view name = {};
  /// Bytes for Put.
  std::string_view text = "attempted";
  /// For Rollback and ReportRejected.
  Version version = Version("1");
  Call call = {};
};

/// The error of one plain call, none when it went well.
std::optional<Error> attempt(SecretStore& store, OperationKind kind, const Attempt& with);
/// The same for a `get_many` of this one secret; without an error when there was not exactly one result.
std::optional<Error> attempt_many(SecretStore& store, NameView name, const Call& call);

/// Whether a plain call of the operation is among what the store claims.
bool claims(const Capabilities& can, OperationKind kind) noexcept;

/// What can be seen of one secret; equal to an earlier one when nothing was written in between.
struct Snapshot {
  std::optional<ErrorCode> error = {};
  std::string value = {};
  SecretData::Kind kind = SecretData::Kind::Bytes;
  std::optional<ErrorCode> stat_error = {};
  bool deleted = false;
  std::optional<Version> current = {};
  std::optional<Metadata> metadata = {};
  /// Each with its state.
  std::vector<std::string> versions = {};

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};
Snapshot look(SecretStore& store, std::string_view name);

}  // namespace locket::inline v1::testing
