#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <locket/metadata.hpp>
#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

#include "http/json.hpp"

/// locket's metadata as a secret's custom_metadata, and back; the keys are documented in backends/vault.hpp.
namespace locket::inline v1::vault {

/// As Vault keeps it.
using CustomMetadata = std::map<std::string, std::string, std::less<>>;
/// What is to become of keys: a new value, or none any more.
using CustomChanges = std::map<std::string, std::optional<std::string>, std::less<>>;

/// Vault's own limits: keys of a secret, and bytes of a key and of a value.
inline constexpr std::size_t max_custom_keys = 64;
inline constexpr std::size_t max_custom_key = 128;
inline constexpr std::size_t max_custom_value = 512;
/// locket needs eight keys for itself.
inline constexpr std::size_t max_tags = max_custom_keys - 8;

/// The member `custom_metadata` of an answer. None: it is neither an object of strings nor null nor absent.
std::optional<CustomMetadata> custom_metadata_of(http::Json::Value value);

/// Without times, which stand elsewhere. An expiry that cannot be read is an error, or a value would be released after
/// it: MalformedResponse (reason "vault.expires"). What else cannot be read is not there.
Result<Metadata> metadata_of(NameView name, const CustomMetadata& custom);
/// For a listing, which one bad entry must not break: where the expiry cannot be read there is none, and the status is
/// "unreadable expiry". The value is not released.
Metadata metadata_to_list(const CustomMetadata& custom);

/// What `patch` changes where `present` is what is there. InvalidArgument (reason "vault.metadata"): text that is not
/// UTF-8. LimitExceeded: more than Vault keeps.
Result<CustomChanges> changes_of(const MetadataPatch& patch, const CustomMetadata& present);

CustomMetadata merged(CustomMetadata custom, const CustomChanges& changes);

/// `{"custom_metadata": …}`: as a merge patch, where null takes a key away (RFC 7396), and as a whole. With
/// `metadata_cas` where Vault demands it (OpenBao).
SecretBuffer patch_body(const CustomChanges& changes, std::optional<std::int64_t> metadata_cas);
SecretBuffer whole_body(const CustomMetadata& custom, std::optional<std::int64_t> metadata_cas);

/// Text as it stands in a key or value. Vault takes no empty one and only what it holds for printable: other text, and
/// text that begins with a quotation mark or with `reserved`, becomes a JSON string, in its quotation marks. None: it
/// is not UTF-8.
std::optional<std::string> write_text(std::string_view text, std::string_view reserved = "\"");
/// The reverse; what is no JSON string is itself.
std::string read_text(std::string_view text);

}  // namespace locket::inline v1::vault
