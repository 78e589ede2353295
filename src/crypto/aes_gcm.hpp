#pragma once

#include <cstddef>
#include <span>

#include <locket/result.hpp>

#include "crypto/bytes.hpp"
#include "crypto/openssl.hpp"

namespace locket::inline v1::crypto {

/// AES-256-GCM (NIST SP 800-38D) with 96-bit nonces and 128-bit tags, under a key that may change with every call: one
/// OpenSSL context, made once. For XAES, whose nonces may be random; by itself a key and nonce must never meet twice.
///
/// Thread safety: none. A failed call leaves the object ready for the next one. A moved-from AesGcm may only be
/// assigned to or destroyed.
class AesGcm {
 public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t tag_size = 16;
  using KeyBytes = std::span<const std::byte, key_size>;
  using Nonce = std::span<const std::byte, nonce_size>;

  /// Internal when OpenSSL fails.
  static Result<AesGcm> create();

  /// Writes ciphertext ‖ tag to `out`, which must have exactly `plaintext.size() + tag_size` bytes
  /// and may begin where `plaintext` does, but not overlap it otherwise (InvalidArgument). LimitExceeded from
  /// 1 GiB on. Internal when OpenSSL fails, with `out` all zeros.
  Result<void> seal(KeyBytes key, Nonce nonce, Bytes aad, Bytes plaintext, std::span<std::byte> out);

  /// Opens `box` (ciphertext ‖ tag) into the front of `out`, which must have room for `box.size() - tag_size` bytes
  /// and may begin where `box` does, but not overlap it otherwise (InvalidArgument). Returns that size.
  /// Integrity (reason "crypto.not_authentic") when key, nonce, aad and box do not belong together, or the box is
  /// shorter than a tag; nothing of the plaintext is released then: what was written to `out` is zeros again.
  Result<std::size_t> open(KeyBytes key, Nonce nonce, Bytes aad, Bytes box, std::span<std::byte> out);

 private:
  explicit AesGcm(CipherContext context) noexcept : context_(std::move(context)) {}
  const char* try_seal(KeyBytes key, Nonce nonce, Bytes aad, Bytes plaintext, std::span<std::byte> out);
  const char* try_open(KeyBytes key, Nonce nonce, Bytes aad, Bytes box, std::span<std::byte> out);

  CipherContext context_;
};

}  // namespace locket::inline v1::crypto
