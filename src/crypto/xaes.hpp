#pragma once

#include <cstddef>
#include <span>

#include <locket/result.hpp>

#include "crypto/aes_gcm.hpp"
#include "crypto/bytes.hpp"
#include "crypto/key.hpp"
#include "crypto/openssl.hpp"
#include "crypto/wiped.hpp"

namespace locket::inline v1::crypto {

/// XAES-256-GCM (c2sp.org/XAES-256-GCM) under one key: 192-bit nonces, which may be drawn at random. Each nonce's first
/// half and the key give a key for AES-256-GCM, by two AES blocks; the second half is that one's nonce.
///
/// Not key-committing: a box may open under another key too, if its author chose both. Whoever needs to tell keys apart
/// does so before (locket's local store by its header's MAC).
///
/// Thread safety: none, because OpenSSL's contexts are used again by each call; `clone` one for each thread. No call
/// allocates unless it fails. A moved-from Xaes may only be assigned to or destroyed.
class Xaes {
 public:
  static constexpr std::size_t nonce_size = 24;
  static constexpr std::size_t tag_size = AesGcm::tag_size;
  using Nonce = std::span<const std::byte, nonce_size>;

  /// Internal when OpenSSL fails. The key may go afterwards.
  static Result<Xaes> create(const Key& key);

  /// Writes ciphertext ‖ tag to `out`, which must have exactly `plaintext.size() + tag_size` bytes
  /// and may begin where `plaintext` does, but not overlap it otherwise (InvalidArgument). LimitExceeded from
  /// 1 GiB on. Internal when OpenSSL fails, with `out` all zeros.
  Result<void> seal(Nonce nonce, Bytes aad, Bytes plaintext, std::span<std::byte> out);

  /// Opens `box` (ciphertext ‖ tag) into the front of `out`, which must have room for `box.size() - tag_size` bytes
  /// and may begin where `box` does, but not overlap it otherwise (InvalidArgument). Returns that size.
  /// Integrity (reason "crypto.not_authentic") when key, nonce, aad and box do not belong together, or the box is
  /// shorter than a tag; nothing of the plaintext is released then: what was written to `out` is zeros again.
  Result<std::size_t> open(Nonce nonce, Bytes aad, Bytes box, std::span<std::byte> out);

  /// Another one under the same key. Not while another thread uses this one.
  Result<Xaes> clone() const;

 private:
  static constexpr std::size_t block_size = 16;

  Xaes(CipherContext blocks, AesGcm gcm) noexcept : blocks_(std::move(blocks)), gcm_(std::move(gcm)) {}
  Result<void> derive(Nonce nonce, Wiped<Key::size>& key);

  CipherContext blocks_;  ///< AES-256 of single blocks under the key.
  AesGcm gcm_;            ///< Gets another key for each nonce.
  Wiped<block_size> k1_;  ///< CMAC's first subkey.
};

}  // namespace locket::inline v1::crypto
