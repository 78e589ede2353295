#pragma once

#include <cstddef>
#include <span>

#include <openssl/params.h>

#include "crypto/bytes.hpp"

namespace locket::inline v1::crypto {

/// Runs one of OpenSSL's key derivations. Null when `out` is filled; else the name of the OpenSSL function that failed,
/// with OpenSSL's queue of errors as that left it, and `out` all zeros.
const char* run_kdf(const char* algorithm, const OSSL_PARAM* params, std::span<std::byte> out);

/// `bytes` as a parameter; only read, although OpenSSL's parameters are not const.
OSSL_PARAM octets(const char* name, Bytes bytes);

}  // namespace locket::inline v1::crypto
