#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include <locket/export.hpp>
#include <locket/result.hpp>

namespace locket::inline v1 {

/// The rules for names. They stand here and nowhere else:
///
///     name    = segment *( "/" segment )          1 to 512 bytes
///     segment = 1*( A-Z a-z 0-9 _ . + = @ ! : - ) but neither "." nor ".."
///
/// `:` is there for AWS's ARNs, `!` for the names that AWS manages. Nothing is normalized: names are compared byte by
/// byte, case counts, and text that is not a name (`a//b`, `/a`, `a/../b`, `a%2fb`, anything outside ASCII) is refused
/// with InvalidArgument before any store hears of it. What a store cannot hold (Azure knows no `_`) it maps; its own
/// page says how.
inline constexpr std::size_t max_name_size = 512;

class Name;

/// A name that is known to be valid, borrowed: two words and its hash. Valid as long as the text it was made from.
/// Made by parsing, or from a Name. Cheap to copy.
class LOCKET_EXPORT NameView {
 public:
  /// InvalidArgument when `text` is no name; the message says which character or segment is wrong, and where.
  static Result<NameView> parse(std::string_view text);
  NameView(const Name& name) noexcept;

  std::string_view text() const noexcept { return text_; }
  /// Computed once, when the name is parsed. The same text has the same hash within one process.
  std::size_t hash() const noexcept { return hash_; }

  friend bool operator==(NameView a, NameView b) noexcept { return a.hash_ == b.hash_ && a.text_ == b.text_; }
  /// By bytes.
  friend std::strong_ordering operator<=>(NameView a, NameView b) noexcept { return a.text_ <=> b.text_; }

 private:
  friend class Name;
  NameView(std::string_view text, std::size_t hash) noexcept : text_(text), hash_(hash) {}

  std::string_view text_;
  std::size_t hash_;
};

/// A name that is known to be valid, owned. Parse a name once and keep it where a secret is read often: looking it up
/// in a cache then costs no check and no hash. Does not convert to text by itself: say `text()`.
class LOCKET_EXPORT Name {
 public:
  /// As NameView::parse.
  static Result<Name> parse(std::string_view text);
  explicit Name(NameView view) : text_(view.text()), hash_(view.hash()) {}

  const std::string& text() const noexcept { return text_; }
  std::size_t hash() const noexcept { return hash_; }

  friend bool operator==(const Name& a, const Name& b) noexcept { return NameView(a) == NameView(b); }
  friend std::strong_ordering operator<=>(const Name& a, const Name& b) noexcept { return NameView(a) <=> NameView(b); }

 private:
  friend class NameView;

  std::string text_;
  std::size_t hash_;
};

inline NameView::NameView(const Name& name) noexcept : text_(name.text_), hash_(name.hash_) {}

/// For `std::unordered_map<Name, T, NameHash, NameEqual>`: finds by Name and by NameView alike, with the kept hash.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(NameView name) const noexcept { return name.hash(); }
};
/// See NameHash.
struct NameEqual {
  using is_transparent = void;
  bool operator()(NameView a, NameView b) const noexcept { return a == b; }
};
/// For `std::map<Name, T, NameLess>`: in the order of their bytes, found by Name and by NameView alike.
struct NameLess {
  using is_transparent = void;
  bool operator()(NameView a, NameView b) const noexcept { return a < b; }
};

/// A folder of names: everything ("") or what lies below "db/". Whole segments only: "db" holds "db/password" and
/// "db/eu/password", but neither "db" itself nor "dbadmin/password", so a policy for one team's folder can never
/// reach into a neighbour's with a longer name.
class LOCKET_EXPORT Prefix {
 public:
  /// Everything.
  Prefix() = default;
  /// "", "db" or "db/" (the last two are the same folder). InvalidArgument as for names.
  static Result<Prefix> parse(std::string_view text);

  /// Empty, or ending in "/".
  const std::string& text() const noexcept { return text_; }
  bool contains(NameView name) const noexcept { return name.text().starts_with(text_); }
  /// "db/" and "password" → "db/password", for stores that put all their names into a folder of a larger one.
  /// LimitExceeded when the whole is longer than a name may be.
  Result<Name> join(NameView name) const;

  friend bool operator==(const Prefix&, const Prefix&) = default;

 private:
  explicit Prefix(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

/// Each writes its text.
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, NameView name);
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, const Prefix& prefix);

}  // namespace locket::inline v1
