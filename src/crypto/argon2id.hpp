#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <locket/result.hpp>

#include "crypto/bytes.hpp"
#include "crypto/key.hpp"

namespace locket::inline v1::crypto {

/// What Argon2id costs. The default is RFC 9106's second recommended option.
struct Argon2Params {
  std::uint32_t memory_kib = 65536;  ///< m, in KiB
  std::uint32_t passes = 3;          ///< t
  std::uint32_t lanes = 4;           ///< p; computed one after the other, whatever their number
  friend bool operator==(const Argon2Params&, const Argon2Params&) = default;
};

/// The smallest that a store may be created with: OWASP's first choice for small devices.
inline constexpr Argon2Params small_argon2_params{.memory_kib = 19456, .passes = 2, .lanes = 1};

/// What parameters that come from a file may ask for. A store's file is not trusted: without an upper limit it could
/// take all memory or a day, without a lower one a forged header would make a stolen passphrase cheap to guess.
struct Argon2Limits {
  std::uint32_t min_memory_kib = 19456;   ///< 19 MiB
  std::uint32_t max_memory_kib = 262144;  ///< 256 MiB
  std::uint32_t max_passes = 8;
  std::uint64_t max_work_kib = 1048576;  ///< of memory times passes: 1 GiB
  std::uint32_t max_lanes = 16;
};

/// Whether `limits` allow `params`; also what Argon2 itself asks for (8 KiB for each lane, at least one pass and one
/// lane, RFC 9106, 3.1). LimitExceeded, reason "local.kdf_limits", with the figure that is out of bounds. To be called
/// before `argon2id`, which allocates what it is told. Thread-safe.
Result<void> check(const Argon2Params& params, const Argon2Limits& limits = {});

/// The key that Argon2id v0x13 (RFC 9106) makes of a passphrase, its bytes exactly as they are. Runs in the calling
/// thread alone and takes about 0.1 to 1 s; the memory is wiped before it is given back.
///
/// InvalidArgument (reason "local.empty_passphrase") for an empty passphrase; Internal (reason "crypto.argon2_memory")
/// when there is no memory; Internal (reason "crypto.argon2", "crypto.openssl") when it fails otherwise. Thread-safe.
Result<Key> argon2id(std::string_view passphrase, std::span<const std::byte, 16> salt, const Argon2Params& params);

}  // namespace locket::inline v1::crypto
