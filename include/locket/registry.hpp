#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/capabilities.hpp>
#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

namespace locket::inline v1 {

/// The URL of a store, taken apart (RFC 3986):
///
///     scheme ":" [ "//" host ] [ path ] [ "?" option "=" value *( "&" option "=" value ) ]
///
/// It names a place and never carries a credential: user and password before the host are refused, and so is a
/// fragment.
/// `%XX` stands for a byte in path and values. What is wrong is told without quoting the URL, which may hold by mistake
/// what it should not.
/// Thread safety: immutable once parsed.
class LOCKET_EXPORT StoreUrl {
 public:
  /// InvalidArgument for anything that is not such a URL, and for an option that comes twice.
  static Result<StoreUrl> parse(std::string_view url);

  /// In lower case: "vault+http".
  const std::string& scheme() const noexcept { return scheme_; }
  /// "vault.example:8200"; empty when there is none.
  const std::string& host() const noexcept { return host_; }
  /// As written after the host, decoded: "/secret", "/run/secrets"; may be empty.
  const std::string& path() const noexcept { return path_; }
  const std::map<std::string, std::string>& options() const noexcept { return options_; }

  /// The option's value, none when it is not given.
  std::optional<std::string> text(const std::string& option) const;
  /// "true" or "false"; `fallback` when it is not given. InvalidArgument for anything else.
  Result<bool> boolean(const std::string& option, bool fallback) const;
  /// A whole number from `min` to `max`; `fallback` when it is not given. InvalidArgument for anything else.
  Result<std::uint64_t> number(const std::string& option, std::uint64_t fallback, std::uint64_t min,
                               std::uint64_t max) const;

 private:
  StoreUrl() = default;

  std::string scheme_;
  std::string host_;
  std::string path_;
  std::map<std::string, std::string> options_;
};

/// How stores of one URL scheme are opened.
struct Scheme {
  /// "env", "vault+http".
  std::string name = {};
  /// The options that its URLs may have; any other is refused before `open` is called.
  std::vector<std::string> options = {};
  /// What its stores can do at most; an open store says for itself (SecretStore::capabilities).
  Capabilities capabilities = {};
  /// Opens the store; returns the errors of the backend's own `open`.
  std::function<Result<std::shared_ptr<SecretStore>>(const StoreUrl& url, const StoreSettings& settings)> open = {};
};

/// Opens stores by URL. A value, filled by whoever wants it: there is no global one, and linking a backend registers
/// nothing. Each backend's header has `add_schemes(Registry&)`; `default_registry()` (all.hpp) has all that were built.
/// Thread safety: all but `add` may be called from any threads at once while nobody adds.
class LOCKET_EXPORT Registry {
 public:
  /// A scheme of the same name takes the place of an earlier one.
  void add(Scheme scheme);

  /// Opens the store that `url` names. InvalidArgument: no URL, unknown scheme or option (the hint lists the known ones
  /// and says which was probably meant), a value that the backend refuses; and whatever the backend's `open` returns.
  Result<std::shared_ptr<SecretStore>> open(std::string_view url, const StoreSettings& settings = {}) const;

  /// Whether `open` would get as far as the backend: a URL, a scheme and options that are known. The options' values
  /// are the backend's to judge, and nothing is opened. InvalidArgument as `open`.
  Result<void> check(std::string_view url) const;

  /// The names of the schemes, sorted.
  std::vector<std::string> schemes() const;

  /// The scheme of that name, null when there is none. Valid until something is added.
  const Scheme* find(const std::string& scheme) const noexcept;

 private:
  Result<const Scheme*> scheme_of(const StoreUrl& url) const;

  std::map<std::string, Scheme> schemes_;
};

/// Opens the store that was chosen from outside, the first that is there: `store`, when it is not empty; the
/// environment's `LOCKET_STORE`; the default local store (`local:`), when the registry has it. InvalidArgument when
/// nothing is chosen, and as Registry::open. Other variables (`VAULT_ADDR`, `AWS_REGION`) authenticate and never
/// select. Reads the environment, which no other thread may change meanwhile.
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open_default(const Registry& registry, std::string_view store = {},
                                                                const StoreSettings& settings = {});

}  // namespace locket::inline v1
