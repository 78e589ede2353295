#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <locket/call.hpp>
#include <locket/export.hpp>
#include <locket/place.hpp>
#include <locket/resolver/format.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1 {

namespace resolver {
struct ConfigEntry;
struct ConfigTree;
}  // namespace resolver

struct ConfigChanges;

/// How a configuration is read.
struct ConfigOptions {
  /// "production" puts the layer app.production.yaml over app.yaml. Letters, digits, '-' and '_'. Empty: app.yaml
  /// alone.
  std::string environment = {};
};

/// An integer, but neither a `bool` nor a character.
template <class T>
concept ConfigInteger =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <class T>
inline constexpr bool is_config_duration = false;
template <std::signed_integral Rep, class Period>
inline constexpr bool is_config_duration<std::chrono::duration<Rep, Period>> =
    std::ratio_greater_equal_v<Period, std::nano> && std::ratio_divide<Period, std::nano>::den == 1;

/// A duration that counts whole nanoseconds or multiples of them: `std::chrono::milliseconds`, `seconds`, `hours`.
template <class T>
concept ConfigDuration = is_config_duration<T>;

/// What `Config::get` gives.
template <class T>
concept ConfigValue = ConfigInteger<T> || ConfigDuration<T> || std::same_as<T, bool> || std::same_as<T, double> ||
                      std::same_as<T, std::string>;

/// An application's own configuration with its secrets in place: a snapshot that never changes.
///
///     auto config = locket::Config::load("app.yaml", *resolver, {.environment = "production"});
///     if (!config) return std::cerr << config.error() << '\n', 1;   // everything that is wrong, in all files
///     const auto port = config->get<std::uint16_t>("db.port");
///     const auto password = config->secret("db.password");           // a handle; (*password)->expose() reads it
///
/// (The file that says which stores a program uses is another one: locket::config.)
///
/// **Paths** are written as errors show them (resolver::to_string): `db.port`, `servers[2].host`, `"a.b".c`. A key
/// needs quotes only where it is empty or holds one of `. [ ] "`.
///
/// **Layers.** The file of the environment lies over the base file, value by value: mappings are merged, everything
/// else is replaced. A sequence is replaced whole, also by a single value; a null takes a value away. A mapping where
/// the other layer has something else (a null aside, below it) is an error. References that are replaced are not looked
/// up, so the base may name secrets that production has not. A reference that is optional replaces too, when there is
/// no such secret. A layer that does not exist is none; `files()` tells which were read.
///
/// **Types** are the document's: `"8080"` is text and no integer, `8080` an integer and no text; integers do not round,
/// wrap or come from `8080.0`, and every integer is a number (`double`). A leading zero (`0755`) is refused, because
/// parsers disagree about it. Two sources have no types of their own, and are read as what is asked for: .env files,
/// and references without `type=`. Their integers are decimal, their booleans exactly `true` or `false`. Durations are
/// texts of one number and its unit, `ns`, `us`, `ms`, `s`, `m`, `h` or `d`: `30s`; what is no whole number of the type
/// asked for is refused.
///
/// **Secrets.** Whatever holds a reference is a secret, also where its default was taken. It stays in the memory for
/// secrets; `secret()` gives it, `get<std::string>` refuses it. Integers, booleans and durations are given by `get`.
/// What `type=json` gives is one secret, not looked into.
///
/// **A null** is nothing: NotFound.
///
/// Errors of looking up, with the value's place and never its content: NotFound (reason "config.missing"), with what
/// was probably meant; InvalidArgument "config.path", badly written path; "config.type", something else stands there;
/// "config.range", too big or too small; "config.secret".
///
/// A handle: copies are cheap and the same. Thread safety: immutable; any thread may use one object at once.
class LOCKET_EXPORT Config {
 public:
  /// Reads `path`, and its layer, in the format that the resolver knows by the name. All that is wrong in both comes in
  /// one error, as Resolver's do, with one cause each. Besides Resolver::resolve_values_of_file's: InvalidArgument,
  /// "config.environment"; "config.layers", the layers differ in shape; "config.duplicate", a path comes twice. The
  /// kind of an error for several is the gravest one's, its reason "config.load".
  static Result<Config> load(const std::string& path, const Resolver& resolver, const ConfigOptions& options = {},
                             const Call& call = {});
  /// One document that is no file, or was read already; `file` is for errors alone.
  static Result<Config> parse(std::string_view document, const resolver::Format& format, const Resolver& resolver,
                              std::string_view file = {}, const Call& call = {});

  /// The value at `path`.
  template <ConfigValue T>
  Result<T> get(std::string_view path) const {
    if constexpr (std::same_as<T, bool>) {
      return boolean(path);
    } else if constexpr (std::same_as<T, double>) {
      return number(path);
    } else if constexpr (std::same_as<T, std::string>) {
      return text(path);
    } else if constexpr (ConfigDuration<T>) {
      return counted<T>(path);
    } else {
      return whole<T>(path);
    }
  }

  /// The value at `path`, or `fallback` when there is none; all other errors stay errors.
  template <ConfigValue T>
  Result<T> get_or(std::string_view path, T fallback) const {
    Result<T> value = get<T>(path);
    if (!value && value.error().code() == ErrorCode::NotFound) return fallback;
    return value;
  }

  /// The secret at `path`, shared with the snapshot: it lives as long as either. A value without a reference is given
  /// too, as its text, so that a developer's file may hold it plainly; that text is then in ordinary memory besides.
  Result<std::shared_ptr<const SecretValue>> secret(std::string_view path) const;

  /// Whether there is a value, a mapping or a sequence at `path`. False for a null, and for a badly written path.
  bool has(std::string_view path) const;
  /// Whether the value at `path` came out of a reference; false when there is none.
  bool is_secret(std::string_view path) const;
  /// Where the value at `path` is written.
  Result<Place> place(std::string_view path) const;

  /// The mapping or sequence at `path` as a configuration of its own, whose paths begin there.
  Result<Config> section(std::string_view path) const;
  /// How many elements the sequence, or keys the mapping, at `path` has; "" is all of this.
  Result<std::size_t> size(std::string_view path) const;
  /// The keys of the mapping at `path`, as they are, sorted by their bytes; "" is all of this.
  Result<std::vector<std::string>> keys(std::string_view path) const;
  /// The paths of all values, nulls aside; those of a sequence by index, those of a mapping sorted by their keys'
  /// bytes.
  std::vector<std::string> paths() const;

  /// The files that were read, the base first. Of `parse` the name it was given, if any.
  const std::vector<std::string>& files() const noexcept;

 private:
  friend struct ConfigChanges;

  Config(std::shared_ptr<const resolver::ConfigTree> tree, resolver::Path base);

  Result<const resolver::ConfigEntry*> entry(std::string_view path) const;
  Result<resolver::Path> collection(std::string_view path) const;
  Error missing(const resolver::Path& path) const;
  Result<bool> boolean(std::string_view path) const;
  Result<double> number(std::string_view path) const;
  Result<std::string> text(std::string_view path) const;
  /// A number of two's complement between `min` and `max`.
  Result<std::uint64_t> integer(std::string_view path, std::int64_t min, std::uint64_t max) const;
  Result<std::int64_t> duration(std::string_view path, std::int64_t unit, std::int64_t min, std::int64_t max) const;

  template <ConfigInteger T>
  Result<T> whole(std::string_view path) const {
    constexpr auto min = static_cast<std::int64_t>(std::numeric_limits<T>::min());
    constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    auto value = integer(path, min, max);
    if (!value) return std::move(value).error();
    return static_cast<T>(*value);
  }

  template <ConfigDuration T>
  Result<T> counted(std::string_view path) const {
    using Limits = std::numeric_limits<typename T::rep>;
    constexpr std::int64_t unit = std::ratio_divide<typename T::period, std::nano>::num;
    auto value = duration(path, unit, Limits::min(), Limits::max());
    if (!value) return std::move(value).error();
    return T(static_cast<typename T::rep>(*value));
  }

  std::shared_ptr<const resolver::ConfigTree> tree_;
  resolver::Path base_;
};

/// What differs between two configurations, by path; each sorted as Config::paths.
struct ConfigChanges {
  std::vector<std::string> added = {};
  std::vector<std::string> removed = {};
  /// Another content, another type, or a secret now and not before, or the reverse. Not: another place.
  std::vector<std::string> changed = {};

  bool empty() const noexcept { return added.empty() && removed.empty() && changed.empty(); }

  /// Secrets are compared in constant time.
  LOCKET_EXPORT static ConfigChanges between(const Config& before, const Config& after);
};

}  // namespace locket::inline v1
