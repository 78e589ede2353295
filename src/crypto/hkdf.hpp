#pragma once

#include <cstddef>
#include <span>

#include <locket/result.hpp>

#include "crypto/bytes.hpp"
#include "crypto/key.hpp"

namespace locket::inline v1::crypto {

/// HKDF-SHA256 (RFC 5869), extract and expand. `secret` must not be empty, `info` at most 1,024 bytes (OpenSSL's
/// limit), `out` 1 to 8,160 bytes: InvalidArgument otherwise. An empty salt is 32 zeros, as the RFC says. Internal when
/// OpenSSL fails, with `out` all zeros. Thread-safe.
Result<void> hkdf_sha256(Bytes secret, Bytes salt, Bytes info, std::span<std::byte> out);

/// The key that `root` gives for one purpose: `derive_key(root, store_id, bytes_of("locket/v1/wrap"))`.
Result<Key> derive_key(const Key& root, Bytes salt, Bytes info);

}  // namespace locket::inline v1::crypto
