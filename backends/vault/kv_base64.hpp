#pragma once

#include <optional>
#include <string_view>

#include <locket/secret_value.hpp>

/// Base64 as RFC 4648, section 4, in memory that is wiped.
namespace locket::inline v1::vault {

/// With padding, without line breaks.
SecretValue encode_base64(std::string_view bytes);

/// None: not what encode_base64 could have written.
std::optional<SecretValue> decode_base64(std::string_view text);

}  // namespace locket::inline v1::vault
