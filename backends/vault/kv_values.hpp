#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/secret_data.hpp>

#include "http/json.hpp"

/// Values as objects of the KV engine: `{"value": "…"}` is text, `{"value_base64": "…"}` bytes that are no text, any
/// other object fields. All of it stays in memory that is wiped.
namespace locket::inline v1::vault {

/// What a version holds. `object` is an object, or null, which Vault keeps as well: no fields.
SecretData value_of(http::Json::Value object);

/// The object that is to be kept. InvalidArgument (reason "vault.fields"), before anything is sent: fields that would
/// be read as bytes, a number that Vault would round, or what is no JSON object.
Result<SecretBuffer> object_of(const SecretData& data);

/// What is sent to write `object`; with `cas`, on the condition that this is the current version.
SecretBuffer write_body(std::string_view object, std::optional<std::uint64_t> cas);

/// `object` as `patch` changes it: a JSON merge patch (RFC 7396), in which null removes.
SecretBuffer patched(http::Json::Value object, http::Json::Value patch);

/// Whether a JSON number comes back as the same number: Vault keeps them as doubles.
bool survives(std::string_view number) noexcept;

}  // namespace locket::inline v1::vault
