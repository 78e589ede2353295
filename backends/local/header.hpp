#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <locket/result.hpp>

#include "codec.hpp"
#include "crypto/argon2id.hpp"

/// The header's body: what is needed to find the root key, in the clear. It is believed only as far as its MAC, made
/// under the root key, says.
namespace locket::inline v1::local {

using Salt = std::array<std::byte, 16>;

struct Header {
  enum class Kind : std::uint8_t { Raw = 1, Passphrase = 2, Provider = 3 };

  StoreId store_id{};
  /// Counts the root keys, from 1.
  std::uint32_t key_epoch = 1;
  Kind kind = Kind::Raw;
  /// For Kind::Passphrase.
  crypto::Argon2Params kdf = {};
  Salt salt{};
  /// For Kind::Provider.
  std::string provider = {};
  std::string key_ref = {};
  std::string blob = {};

  friend bool operator==(const Header&, const Header&) = default;
};

inline constexpr std::size_t max_header_size = 8192;
using HeaderSum = std::array<std::byte, 8>;

std::string encode(const Header& header);
/// Integrity (reason "local.damaged_header") for anything that `encode` does not write.
Result<Header> parse_header(Bytes body);

/// SHA-256(body)[0..8]: tells damage from a wrong key.
Result<HeaderSum> header_sum(Bytes body);

}  // namespace locket::inline v1::local
