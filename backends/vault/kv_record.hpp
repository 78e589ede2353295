#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <locket/info.hpp>
#include <locket/metadata.hpp>
#include <locket/name.hpp>
#include <locket/which.hpp>

#include "http/json.hpp"
#include "kv_metadata.hpp"

/// What the KV engine tells about a secret besides its value.
namespace locket::inline v1::vault {

/// The number that Vault gives a version; none for a text that no version of Vault's can have ("01", "v1").
std::optional<std::uint64_t> number_of(const Version& version);
Version version_of(std::uint64_t number);

/// One version.
struct Edition {
  std::uint64_t number = 0;
  VersionInfo::State state = VersionInfo::State::Live;
  std::optional<Clock::Wall> created = {};
};

/// A secret with its history: the answer of metadata/….
struct Record {
  std::optional<Clock::Wall> created = {};
  std::optional<Clock::Wall> updated = {};
  /// 0: there are keys of metadata, but never was a value. That is no secret.
  std::uint64_t current = 0;
  /// The newest first.
  std::vector<Edition> editions = {};
  CustomMetadata custom = {};
  /// Where OpenBao counts the changes of metadata.
  std::optional<std::int64_t> metadata_version = {};

  bool exists() const noexcept { return !editions.empty(); }
  /// Null: there is no such version (any more).
  const Edition* find(std::uint64_t number) const noexcept;
  /// The current version cannot be read.
  bool removed() const noexcept;
  std::vector<std::uint64_t> numbers(VersionInfo::State state) const;
};

/// `data` of an answer of metadata/…, where the server's clock shows `now`. None: it is not as Vault answers.
std::optional<Record> record_of(http::Json::Value data, Clock::Wall now);

/// With its times. MalformedResponse, see metadata_of.
Result<Metadata> metadata_of(NameView name, const Record& record);
/// The same for a listing; see metadata_to_list.
Metadata metadata_to_list(const Record& record);

/// What an answer says about the one version that it is of: `metadata` in the answers of data/… and subkeys/….
struct Imprint {
  std::uint64_t number = 0;
  bool destroyed = false;
  CustomMetadata custom = {};
};
std::optional<Imprint> imprint_of(http::Json::Value metadata);

}  // namespace locket::inline v1::vault
