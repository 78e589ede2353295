#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// One state of a secret's value, as its store names it: "3" in Vault, a UUID in AWS. Opaque: two versions of one
/// secret in one store can be told apart, but not put in order, and say nothing about another store.
/// A store refuses text that is not 1 to 256 printable ASCII characters without spaces (InvalidArgument), and answers
/// NotFound for a well-formed version that it does not know.
class Version {
 public:
  explicit Version(std::string text) : text_(std::move(text)) {}

  const std::string& text() const noexcept { return text_; }

  friend bool operator==(const Version&, const Version&) = default;

 private:
  std::string text_;
};

/// Writes its text.
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, const Version& version);

/// The current version of a secret.
struct Current {
  friend bool operator==(const Current&, const Current&) = default;
};
/// The version that carries a label, where the store has labels (AWS's AWSPENDING and AWSPREVIOUS). The same characters
/// as in a Version.
struct Stage {
  std::string label = {};

  friend bool operator==(const Stage&, const Stage&) = default;
};
/// Which version of a secret is meant.
using Which = std::variant<Current, Version, Stage>;

/// The condition that the secret must not exist: a write that only ever creates. A soft-deleted secret exists.
struct MustNotExist {
  friend bool operator==(const MustNotExist&, const MustNotExist&) = default;
};
/// The condition of a write: none; that the secret does not exist; or that exactly this version is the current one.
/// Where it does not hold, Conflict is returned and nothing is written. The current version of a removed secret is
/// still the one that it had.
using Condition = std::variant<std::monostate, MustNotExist, Version>;

}  // namespace locket::inline v1
