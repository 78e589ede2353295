#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>
#include <locket/which.hpp>

namespace locket::inline v1 {

/// How references may be written.
enum class Delimiters : std::uint8_t {
  Angle,           ///< `$<secret:db/password>` alone, which collides with no shell, template or CI syntax.
  AngleAndBraces,  ///< `${secret:db/password}` too.
};

/// A reference to a secret, as it stands in configuration:
///
///     $<secret:db/password>                                the whole value
///     $<secret:prod://team/$<env:STAGE>/db#password>       another store, a variable in the name, one field
///     $<secret:db#/replicas/0/port?type=int|5432>          a JSON pointer, a type, a default
///
///     ref     = "$<secret:" [ alias "://" ] name *( "#" field / "?" opt *( "&" opt ) ) [ "|" default ] ">"
///     name    = 1*( characters of a name / "$<env:" VAR ">" )
///     opt     = version=V | stage=LABEL | enc=url|json|shell|base64 | decode=base64|hex | trim=nl
///             | type=str|int|bool|json | optional
///     default = '"' text '"' / "'" text "'" / bare text
///
/// Field and options stand in either order, each at most once; so does each option. Nothing may stand twice or be empty
/// but the default. `@` and `:` separate nothing.
///
/// **Where it ends.** At the first `>` (in the brace form `}`) outside of `$<env:…>` and of a quoted default. A line
/// break outside of a quoted default, another reference's beginning, or the end of the text before that is an error:
/// references do not nest. Fields cannot hold `#`, `?`, `|`, or the end's character.
///
/// **Escapes.** In a run of `$` directly before `<secret:`, each `$$` stands for one `$`; an odd one that is left opens
/// a reference. `$$<secret:x>` is the text `$<secret:x>`. Every other `$` is itself.
///
/// **name.** A `$<env:VAR>` is a variable of the environment (see ResolverOptions::environment), put in once and not
/// looked at again; what comes of it must be a name (name.hpp). The alias cannot hold one.
///
/// **default.** Taken when the secret, its version or its field is not there (NotFound), and for no other reason; not
/// for a removed or expired one. A bare default is taken as it stands, blanks too, and may hold neither a line break
/// nor a reference's beginning; `|` alone is the empty string. In double quotes `\"` and `\\` stand for `"` and `\`,
/// any other backslash for itself; in single quotes nothing is special. `type` and `enc` apply to it, for they say what
/// the place needs; `decode` and `trim` do not, for they say how the store keeps the value.
///
/// **Options** apply in the order field, decode, trim, type, enc, however they are written:
/// - `version`, `stage`: which version, as the store names it (which.hpp). Not both.
/// - `decode=base64`: RFC 4648, either alphabet, with or without padding. `decode=hex`: either case. Both skip blanks
///   and line breaks. What is not so encoded is an error.
/// - `trim=nl`: without one line break (LF or CR LF) at the end.
/// - `type`: `str` is text (as without); `int` a decimal number of 64 bits with a sign, without leading zeros or a
///   fraction; `bool` exactly `true` or `false`; `json` one JSON value in UTF-8 (RFC 8259). Where the reference is the
///   whole value of a document, the value gets that type; within a longer string `int` and `bool` are their text, and
///   `json` is an error unless `enc` makes text of it. What is not of the type is an error.
/// - `enc`: makes text for the place where it is written. `url`: all but RFC 3986's unreserved characters as %XX.
///   `json`: as JSON, which for text is a string with its quotes, for `type=int|bool|json` the value itself. `shell`:
///   one POSIX word in single quotes; a NUL is an error. `base64`: RFC 4648's own alphabet with padding.
/// - `optional`: where there is nothing, nothing is written: null, or, in formats without one, no entry at all. Only
/// for
///   a reference that is a whole value, and not together with a default.
///
/// Thread safety: as std::string. Copies share the default.
struct Reference {
  enum class Decoding : std::uint8_t { None, Base64, Hex };
  enum class Type : std::uint8_t { Text, Integer, Boolean, Json };
  enum class Encoding : std::uint8_t { None, Url, Json, Shell, Base64 };

  /// Empty: the store without an alias.
  std::string alias = {};
  /// As it is written, with its `$<env:VAR>`.
  std::string name = {};
  /// A key, or a JSON pointer (RFC 6901) when it begins with '/'. Empty: the whole value.
  std::string field = {};
  Which which = Current{};
  Decoding decode = Decoding::None;
  bool trim_newline = false;
  Type type = Type::Text;
  Encoding encode = Encoding::None;
  bool optional = false;
  /// The default's text; null without a default. In the arena, for what stands there is often a password.
  std::shared_ptr<const SecretValue> fallback = {};

  /// Parses one reference that is all of `text`. InvalidArgument, with a reason "reference.…", a message and a hint;
  /// the default is never told.
  LOCKET_EXPORT static Result<Reference> parse(std::string_view text, Delimiters delimiters = Delimiters::Angle);

  /// In the default syntax, parts and options in the order of the grammar, a default as `|…`, so that it can be shown.
  LOCKET_EXPORT std::string to_string() const;
};

/// Writes `to_string()`.
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, const Reference& reference);

}  // namespace locket::inline v1
