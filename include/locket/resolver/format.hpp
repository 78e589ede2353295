#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

/// What a resolver must know of a document's format: where its values stand, and how a new value is written in the
/// place of one of them. A format never builds a document of its own: what is not replaced stays as it is to the byte.
namespace locket::inline v1::resolver {

/// One step from the root of a document to a value: the key of a mapping, or the index in a sequence, from 0.
using PathStep = std::variant<std::string, std::size_t>;
using Path = std::vector<PathStep>;

/// "db.replicas[2].password"; a key that is empty or holds anything but [A-Za-z0-9_-] stands in double quotes, with
/// `"` and `\` escaped by a backslash: `"a.b".c`. Injective; the empty path is "".
LOCKET_EXPORT std::string to_string(const Path& path);

/// What a value of a document is in the document's own types. The last two are told by `Format::values` alone.
enum class Kind : std::uint8_t { Text, Integer, Float, Boolean, Null, EmptyMapping, EmptySequence };

/// One scalar value of a document (no key, no comment, no mapping, no sequence).
struct Scalar {
  /// The bytes of the document that `Format::write` replaces: quotes, block indicators and all, but neither an anchor
  /// nor a comment. `begin <= end`.
  std::size_t begin = 0;
  std::size_t end = 0;
  /// The bytes to cut when the value's whole entry (key and value, or sequence item) is to go: whole lines where it
  /// stands on lines of its own. Equal (an empty range) where the format writes `Null` instead.
  std::size_t entry_begin = 0;
  std::size_t entry_end = 0;
  Path path = {};
  Kind kind = Kind::Text;
  /// The value as a program that parses the document gets it: escapes undone, lines folded. For other kinds than Text
  /// as it stands.
  std::string text = {};
  /// For the format itself (which quotes, which context): what `find` notes for `write`.
  std::uint32_t style = 0;
};

/// What a scalar becomes. `text` is borrowed; for Text any bytes, for Integer and Boolean their literals ("-12",
/// "true"), for Json one JSON value in UTF-8, for Null empty.
struct Value {
  enum class Kind : std::uint8_t { Text, Integer, Boolean, Json, Null };
  Kind kind = Kind::Text;
  std::string_view text = {};
};

/// Whether a scalar with this text is wanted.
using Wanted = std::function<bool(std::string_view text)>;

/// A document format. Immutable: any thread may use one object at once.
class LOCKET_EXPORT Format {
 public:
  virtual ~Format();

  /// "json", "yaml", "toml", "dotenv", "text".
  virtual std::string_view name() const noexcept = 0;
  /// Whether a file of this name, without its folders, is in this format, by its extension.
  virtual bool names(std::string_view file_name) const = 0;
  /// Whether `write` can write a Null; where not, the resolver cuts the entry.
  virtual bool has_null() const noexcept = 0;

  /// The scalars that are wanted, in the order of their places. InvalidArgument (reason "FORMAT.syntax", "json.syntax"
  /// say) with the place when the document is not in this format; LimitExceeded (reason "FORMAT.depth") when it nests
  /// deeper than 100, so that no hostile document exhausts the stack, and (reason "FORMAT.paths") when the scalars take
  /// more than 256 MiB, which a long key above many of them does. The text of the document is never quoted.
  virtual Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const = 0;

  /// What a program that parses the document gets, by path: all scalars, and mappings and sequences that are empty.
  /// Unlike in `find`, one place of the document may have several paths (YAML's aliases). In the order of places; none
  /// of it is for `write`. Errors as `find`. As it comes: `find` with everything wanted.
  virtual Result<std::vector<Scalar>> values(std::string_view document) const;

  /// Appends to `out` what stands for `value` in the place of `scalar`, quoted as the place needs it, so that a parser
  /// of the format gets exactly `value` there and everything else unchanged, whatever bytes the value has. Into `out`
  /// alone: no copy of the value anywhere else. InvalidArgument (reason "FORMAT.unwritable") when the format cannot
  /// say the value there (bytes that are no UTF-8, a NUL, a null within TOML), with what to do; nothing is appended
  /// then.
  virtual Result<void> write(std::string_view document, const Scalar& scalar, const Value& value,
                             SecretBuffer& out) const = 0;
};

using FormatPtr = std::shared_ptr<const Format>;

/// RFC 8259.
LOCKET_EXPORT FormatPtr json();
/// `.env` files, as the env backend reads them (backends/env.hpp); nothing is expanded. What `source .env` would run,
/// or Docker expand, where it has to stand is unwritable. (python-dotenv expands `${…}` whatever the quotes, unless
/// told `interpolate=False`.)
LOCKET_EXPORT FormatPtr dotenv();
/// Any text: one scalar, the whole of it. A value is written as it is.
LOCKET_EXPORT FormatPtr text();

// yaml() is in resolver/yaml.hpp (component resolver_yaml), toml() in resolver/toml.hpp (component resolver_toml).

}  // namespace locket::inline v1::resolver
