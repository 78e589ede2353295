#pragma once

#include <locket/result.hpp>

#include "crypto/bytes.hpp"
#include "crypto/openssl.hpp"

namespace locket::inline v1::crypto {

/// HMAC-SHA256 (RFC 2104) under one key that is prepared once, for those who authenticate many short messages.
/// Thread safety: none; `clone` one for each thread. A moved-from Hmac may only be assigned to or destroyed.
class Hmac {
 public:
  /// `key`: any length but 0 (InvalidArgument). Internal when OpenSSL fails.
  static Result<Hmac> create(Bytes key);

  /// The MAC of all parts together. Independent of earlier calls, failed ones too. Internal when OpenSSL fails.
  Result<Digest> mac(Parts parts);

  /// Another one under the same key, which need not be at hand any more.
  Result<Hmac> clone() const;

 private:
  explicit Hmac(MacContext context) noexcept : context_(std::move(context)) {}

  MacContext context_;
};

/// One MAC under a key that is used once.
Result<Digest> hmac_sha256(Bytes key, Parts parts);

}  // namespace locket::inline v1::crypto
