#pragma once

#include <cstddef>
#include <span>

#include <locket/result.hpp>

#include "crypto/argon2id.hpp"
#include "crypto/bytes.hpp"

namespace locket::inline v1::crypto {

/// All that Argon2id takes; none longer than 4 GiB.
struct Argon2Input {
  Bytes password = {};
  Bytes salt = {};     ///< at least 8 bytes
  Bytes secret = {};   ///< K in RFC 9106; only its test vector uses it
  Bytes context = {};  ///< X in RFC 9106; likewise
  Argon2Params params = {};
};

/// Argon2id v0x13 itself, on the library that was chosen at configure time (argon2id_openssl.cpp or
/// argon2id_libargon2.cpp), unlimited, for any output from 4 bytes on. Fills `out`, or fails and leaves it all zeros.
/// `argon2id` is for users; this is for test vectors. Thread-safe.
Result<void> argon2id_fill(const Argon2Input& input, std::span<std::byte> out);

/// Internal, reason "crypto.argon2_memory".
Error no_memory_for_argon2(const Argon2Params& params);

}  // namespace locket::inline v1::crypto
