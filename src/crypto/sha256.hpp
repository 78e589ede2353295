#pragma once

#include <locket/result.hpp>

#include "crypto/bytes.hpp"

namespace locket::inline v1::crypto {

/// SHA-256 (FIPS 180-4) of all parts together. Internal when OpenSSL fails. Thread-safe.
Result<Digest> sha256(Parts parts);

}  // namespace locket::inline v1::crypto
