#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <locket/info.hpp>
#include <locket/name.hpp>
#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/which.hpp>

#include "record.hpp"

/// What the contract says about versions, conditions and removal, for one item. Names are for the texts of errors.
/// Where a call could be refused for several reasons, the order is NotFound, Deleted, Conflict.
namespace locket::inline v1::local {

/// A version's text is its number: "1", not "01".
Version version_of(std::uint32_t number);
/// 0, which is no version, for text that is none.
std::uint32_t number_of(const Version& version) noexcept;

Error no_secret(std::string_view name);
Error conflict(const char* reason, std::string message, const char* hint);

const VersionEntry& current_of(const Item& item) noexcept;
/// Removed, and not purged: the current version is deleted.
bool is_removed(const Item& item) noexcept;
/// The entry that is meant, whatever its state. NotFound.
Result<const VersionEntry*> find_version(std::string_view name, const Item& item, const Which& which);
/// The same, when its value may be read. NotFound, Deleted.
Result<const VersionEntry*> find_readable(std::string_view name, const Item& item, const Which& which);
/// Conflict.
Result<void> check_condition(std::string_view name, const std::optional<Item>& item, const Condition& condition);
/// LimitExceeded when the metadata have come to hold too many tags.
Result<void> check_tags(const Metadata& metadata);
inline constexpr std::uint64_t max_tags = 256;

/// All versions that are not destroyed become deleted, or live.
void set_removed(Item& item, bool removed) noexcept;

/// What `list` and `stat` tell.
SecretInfo info_of(NameView name, const Item& item, bool metadata);
/// What `versions` tells: the newest first, below `options.page`.
Result<Page<VersionInfo>> versions_of(const Item& item, const ListOptions& options);
inline constexpr std::size_t default_page_size = 100;

}  // namespace locket::inline v1::local
