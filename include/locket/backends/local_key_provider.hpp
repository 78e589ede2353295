#pragma once

#include <string>
#include <string_view>

#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1::local {

/// Keeps a local store's root key under a key of its own: a cloud's key service, a smart card, an operating system's
/// keychain. locket makes the root key; the provider wraps and unwraps it.
///
/// The store's file, and with it the reference and the blob, may come from an attacker. So a provider holds the
/// references that it works with in its own configuration and lets `accepts` say no to every other; locket asks before
/// each `unwrap`, and a store with another reference is refused with no unwrap call made.
/// Thread safety: may be called from any thread at once.
class LOCKET_EXPORT KeyProvider {
 public:
  /// What the file keeps of a wrapped root key. Both are public.
  struct Wrapped {
    std::string key_ref = {};  ///< Which key wrapped it, at most 1,024 bytes: an ARN, a URL.
    std::string blob = {};     ///< The wrapped root key, at most 4,096 bytes.
  };

  virtual ~KeyProvider();

  /// The kind of provider, the same for ever, 1 to 64 bytes: "aws-kms". A store is opened only by the provider that it
  /// names.
  virtual std::string id() const = 0;
  /// Whether `key_ref` is one of the pinned keys. Must not ask anything outside of the provider.
  virtual bool accepts(std::string_view key_ref) const = 0;
  /// Wraps the 32 bytes of `root`. `context` is bound to the result as additional authenticated data.
  virtual Result<Wrapped> wrap(const SecretValue& root, std::string_view context) = 0;
  /// The 32 bytes that `wrap` was given, with the same context. `key_ref` was accepted.
  virtual Result<SecretValue> unwrap(std::string_view key_ref, std::string_view blob, std::string_view context) = 0;

 protected:
  KeyProvider() = default;
  KeyProvider(const KeyProvider&) = default;
  KeyProvider& operator=(const KeyProvider&) = default;
};

}  // namespace locket::inline v1::local
