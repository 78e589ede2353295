#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <locket/call.hpp>
#include <locket/export.hpp>
#include <locket/place.hpp>
#include <locket/resolver/format.hpp>
#include <locket/resolver/reference.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>
#include <locket/store.hpp>

namespace locket::inline v1 {

/// How a resolver is made.
struct ResolverOptions {
  /// The stores that references name before "://": a letter, then letters, digits, '-' and '_'. None may be null.
  std::map<std::string, std::shared_ptr<SecretStore>, std::less<>> aliases = {};
  Delimiters delimiters = Delimiters::Angle;
  /// References of one document, repeated and wrong ones too; more is LimitExceeded (reason "resolver.too_many").
  std::size_t max_references = 100'000;
  /// Bytes of a document, before and after; more is LimitExceeded (reason "resolver.too_large").
  std::size_t max_input = std::size_t{16} << 20U;
  std::size_t max_output = std::size_t{16} << 20U;
  /// What `resolve_file` and its like choose from by the file's name; the first that takes it. None may be null.
  std::vector<resolver::FormatPtr> formats = {resolver::json(), resolver::dotenv(), resolver::text()};
  /// The variables for `$<env:VAR>`. None: the process's own, copied once by `create`; another thread must not change
  /// the environment meanwhile (getenv(3) asks the same).
  std::optional<std::map<std::string, std::string, std::less<>>> environment = {};
};

/// A document with its references replaced. When there was nothing to replace it is the caller's own text, not a copy
/// of it, so it must not outlive that. Wiped on destruction. Thread safety: as SecretValue.
class Resolved {
 public:
  /// `text` is borrowed.
  static Resolved unchanged(std::string_view text) noexcept { return Resolved(text, {}, false); }
  static Resolved unchanged(SecretValue text) noexcept { return Resolved({}, std::move(text), false); }
  static Resolved replaced(SecretValue text) noexcept { return Resolved({}, std::move(text), true); }

  /// Whether it differs from the document: whether there was a reference or an escaped one.
  bool changed() const noexcept { return changed_; }
  /// The text: the one way to read it.
  [[nodiscard]] std::string_view expose() const noexcept { return owned_.empty() ? borrowed_ : owned_.expose(); }
  /// The text as a value of its own, copied only when nothing was changed.
  [[nodiscard]] SecretValue take() && {
    return owned_.empty() ? SecretValue(std::exchange(borrowed_, {})) : std::move(owned_);
  }

 private:
  Resolved(std::string_view borrowed, SecretValue owned, bool changed) noexcept
      : borrowed_(borrowed), owned_(std::move(owned)), changed_(changed) {}

  std::string_view borrowed_ = {};
  SecretValue owned_ = {};
  bool changed_ = false;
};

/// What came out of a scalar with references. Text and Json are text in UTF-8 or, of Text, any bytes; Integer and
/// Boolean their literals; Null (nothing there, and the reference is optional) is empty.
struct ResolvedValue {
  resolver::Value::Kind kind = resolver::Value::Kind::Text;
  SecretValue value = {};
};

/// One scalar of a resolved document.
struct ResolvedScalar {
  resolver::Path path = {};
  /// What the scalar is as it is written; of one with references Text.
  resolver::Kind kind = resolver::Kind::Text;
  Place place = {};
  /// A string where there was nothing to replace: the document's own text, as a parser gives it.
  std::variant<std::string, ResolvedValue> content = {};
};

/// A reference, and where it stands.
struct FoundReference {
  Reference reference = {};
  Place place = {};
};

/// What `check` found when nothing was wrong.
struct Checked {
  /// How many references there are.
  std::size_t references = 0;
  /// Those whose secret is there while its field could not be looked up, because the store does not tell fields without
  /// reading the value.
  std::vector<FoundReference> unproven = {};
};

/// Replaces the references of configuration by secrets (reference.hpp says how they are written):
///
///     auto resolver = locket::Resolver::create(store);
///     auto config = resolver->resolve_file("app.json");
///     if (!config) std::cerr << config.error() << '\n';   // every bad reference, with line and column
///     else parse(config->expose());
///
/// **Documents keep their shape.** Only values that hold references (or escaped ones) change; everything else stays to
/// the byte. Keys and comments are not looked at, in plain text everything is. Each value is written as its place needs
/// it, so that none can break out of it. What was resolved is never looked at again: a secret that holds a reference
/// comes out as it is.
///
/// **Reading.** Every distinct secret (store, name and version) is read once, all those of one store in one `get_many`.
/// Two documents share nothing; put a cache into the store for that.
///
/// **Errors.** All bad references are told together: the error's `causes()` are one Error each, in the order of their
/// places, with `place()` (file, line, column of the reference, and the value's path), the reference itself in its
/// message, and in its hint what was probably meant, where the store can list. Nothing partial is ever returned, and no
/// message holds a value. The error's own kind is the first of these that occurred: Integrity; Unauthenticated,
/// PermissionDenied; Unavailable, Network, Throttled, Timeout; NotFound, Deleted, Expired; InvalidArgument,
/// LimitExceeded; any other. Its reason is "resolver.references". Besides that:
/// InvalidArgument "FORMAT.syntax" and LimitExceeded "FORMAT.depth", "FORMAT.paths" (format.hpp), LimitExceeded
/// "resolver.too_many" and "resolver.too_large".
///
/// A handle: copies are cheap and the same. Thread safety: immutable; any thread may use one object at once.
class LOCKET_EXPORT Resolver {
 public:
  /// `store` serves the references without an alias. InvalidArgument (reason "resolver.options"): a null store or
  /// format, a bad alias.
  static Result<Resolver> create(std::shared_ptr<SecretStore> store, ResolverOptions options = {});
  /// Only references with an alias can be resolved; there must be one.
  static Result<Resolver> create_for_aliases(ResolverOptions options);

  /// Plain text. The result borrows `text` when nothing was changed.
  Result<Resolved> resolve(std::string_view text, const Call& call = {}) const;
  /// A document in `format`; `file` is for errors alone. The result borrows `document` when nothing was changed.
  Result<Resolved> resolve_document(std::string_view document, const resolver::Format& format,
                                    std::string_view file = {}, const Call& call = {}) const;
  /// A regular file, in the format that its name says. InvalidArgument (reason "resolver.format") when none of the
  /// options' formats takes the name. Of the file (all "resolver.file"): InvalidArgument, it is no regular file;
  /// NotFound; PermissionDenied; Unavailable, it cannot be read.
  Result<Resolved> resolve_file(const std::string& path, const Call& call = {}) const;

  /// All scalars of a document, in the order of their places, those without references too, and no text of the
  /// document: for programs that read values by path.
  Result<std::vector<ResolvedScalar>> resolve_values(std::string_view document, const resolver::Format& format,
                                                     std::string_view file = {}, const Call& call = {}) const;
  Result<std::vector<ResolvedScalar>> resolve_values_of_file(const std::string& path, const Call& call = {}) const;

  /// Looks up every reference, without reading values where the stores can (`Capabilities::stat_without_value`).
  /// Fields are looked up where the store tells them. What a value holds (`decode`, `type`, `enc`, a place that cannot
  /// hold it) is only seen by stores that read it in any case. Errors as for resolving.
  Result<Checked> check(std::string_view text, const Call& call = {}) const;
  Result<Checked> check_document(std::string_view document, const resolver::Format& format, std::string_view file = {},
                                 const Call& call = {}) const;
  Result<Checked> check_file(const std::string& path, const Call& call = {}) const;

  /// The references, in the order of their places; no store is asked. Errors as for resolving, of those that are badly
  /// written.
  Result<std::vector<FoundReference>> references(std::string_view text) const;
  Result<std::vector<FoundReference>> references(std::string_view document, const resolver::Format& format,
                                                 std::string_view file = {}) const;

  /// The format that a file of this name has among the options' formats. InvalidArgument (reason "resolver.format")
  /// lists those that there are.
  Result<resolver::FormatPtr> format_of(std::string_view file_name) const;
  /// What it was made with.
  const ResolverOptions& options() const noexcept;

 private:
  struct Setup;
  explicit Resolver(std::shared_ptr<const Setup> setup);

  std::shared_ptr<const Setup> setup_;
};

}  // namespace locket::inline v1
