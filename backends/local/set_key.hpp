#pragma once

#include <cstdint>
#include <string_view>

#include <locket/name.hpp>
#include <locket/result.hpp>

#include "box.hpp"
#include "codec.hpp"
#include "crypto/hmac.hpp"
#include "crypto/key.hpp"
#include "state.hpp"

/// What is computed under K_set, HMAC-SHA256 throughout. Thread safety: none.
namespace locket::inline v1::local {

class SetKey {
 public:
  static Result<SetKey> create(const crypto::Key& key);

  /// The first byte of the MAC of "b" ‖ name.
  Result<std::uint8_t> bucket_of(std::string_view name);
  /// The MAC of "e" ‖ lp16(name) ‖ tag of the item's box.
  Result<Sum> element(std::string_view name, const Tag& item_tag);
  /// The first 12 bytes of the MAC of "p" ‖ lp16(name) ‖ key.
  Result<std::array<std::byte, 12>> put_token(std::string_view name, std::string_view idempotency_key);

 private:
  explicit SetKey(crypto::Hmac hmac) noexcept : hmac_(std::move(hmac)) {}

  crypto::Hmac hmac_;
};

}  // namespace locket::inline v1::local
