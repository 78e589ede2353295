#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

#include "codec.hpp"
#include "crypto/xaes.hpp"

/// box = 01 ‖ u32 key_id ‖ nonce[24] ‖ ciphertext ‖ tag[16], XAES-256-GCM. What it is for stands in its additional
/// data, so that a box opens in its own place only.
namespace locket::inline v1::local {

inline constexpr std::size_t box_head_size = 1 + 4 + crypto::Xaes::nonce_size;
inline constexpr std::size_t box_overhead = box_head_size + crypto::Xaes::tag_size;

using Tag = std::array<std::byte, crypto::Xaes::tag_size>;

/// What a box is for.
enum class Purpose : std::uint8_t { DataKey, State, Item, Value };

/// The place where a box belongs.
struct Place {
  Purpose purpose;
  const StoreId& store;
  std::uint32_t key_id;
  /// key_epoch, or a version, or 0: see FORMAT.md.
  std::uint32_t number;
  /// At most 512 bytes: a longer one, as it may stand in a file that was altered, is no place of any box.
  std::string_view name = {};
};

/// A new box with `plaintext`. `random`'s errors, and OpenSSL's: nothing can be used then.
Result<std::string> seal(crypto::Xaes& key, RandomSource& random, const Place& place, Bytes plaintext);

/// The plaintext, into `out`, whose earlier contents are wiped. Integrity (reason "crypto.not_authentic") when the box
/// does not belong here, or is none; `out` is empty then.
Result<void> open(crypto::Xaes& key, const Place& place, Bytes box, SecretBuffer& out);

/// The key that the box says to be under; 0, which is no data key, when it is too short to be one.
std::uint32_t key_id_of(Bytes box) noexcept;
/// The last 16 bytes. Zeros when there are not so many.
Tag tag_of(Bytes box) noexcept;

/// Items and values hide their exact size: u32 length ‖ plaintext ‖ zeros to a multiple of 64. `begin_padded` writes
/// the length's place, `end_padded` fills it in and adds the zeros.
void begin_padded(SecretBuffer& out);
void end_padded(SecretBuffer& out);
/// What is inside. Integrity when length or zeros are wrong.
Result<Bytes> unpad(const SecretBuffer& padded);

}  // namespace locket::inline v1::local
