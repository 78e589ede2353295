#include "kv_record.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "kv_time.hpp"

namespace locket::inline v1::vault {
namespace {

using http::Json;

// Beyond it, JSON's numbers are no longer exact; no secret has so many versions.
constexpr std::size_t most_digits = 15;

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text.size() > most_digits || text.front() == '0') return std::nullopt;
  return number;
}

std::optional<std::uint64_t> positive(Json::Value value) {
  const auto number = value.integer();
  if (!number || *number <= 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

// A version is deleted from its deletion time on, which `delete_version_after` puts into the future. The server's clock
// is known to the second, so what is deleted within this second counts.
std::optional<Edition> edition_of(const Json::Value& value, Clock::Wall now) {
  const auto number = number_in(value.name());
  const auto destroyed = value["destroyed"].boolean();
  const std::string_view deletion = value["deletion_time"].text();
  if (!number || !destroyed) return std::nullopt;
  Edition edition{.number = *number, .created = parse_moment(value["created_time"].text())};
  if (!deletion.empty()) {
    const auto deleted = parse_moment(deletion);
    if (!deleted) return std::nullopt;
    using std::chrono::seconds;
    if (std::chrono::floor<seconds>(*deleted) <= std::chrono::floor<seconds>(now)) {
      edition.state = VersionInfo::State::Deleted;
    }
  }
  if (*destroyed) edition.state = VersionInfo::State::Destroyed;
  return edition;
}

std::optional<std::vector<Edition>> editions_of(const Json::Value& versions, Clock::Wall now) {
  std::vector<Edition> editions;
  if (!versions) return editions;
  if (!versions.is(Json::Kind::Object)) return std::nullopt;
  for (const Json::Value& version : versions.children()) {
    const auto edition = edition_of(version, now);
    if (!edition) return std::nullopt;
    editions.push_back(*edition);
  }
  std::ranges::sort(editions, std::ranges::greater(), &Edition::number);
  return editions;
}

Metadata with_times(Metadata metadata, const Record& record) {
  metadata.created = record.created;
  metadata.updated = record.updated;
  return metadata;
}

}  // namespace

std::optional<std::uint64_t> number_of(const Version& version) {
  return number_in(version.text());
}

Version version_of(std::uint64_t number) {
  return Version(std::to_string(number));
}

const Edition* Record::find(std::uint64_t number) const noexcept {
  const auto found = std::ranges::find(editions, number, &Edition::number);
  return found == editions.end() ? nullptr : &*found;
}

bool Record::removed() const noexcept {
  const Edition* edition = find(current);
  return edition == nullptr || edition->state != VersionInfo::State::Live;
}

std::vector<std::uint64_t> Record::numbers(VersionInfo::State state) const {
  std::vector<std::uint64_t> numbers;
  for (const Edition& edition : editions) {
    if (edition.state == state) numbers.push_back(edition.number);
  }
  return numbers;
}

std::optional<Record> record_of(Json::Value data, Clock::Wall now) {
  auto editions = editions_of(data["versions"], now);
  auto custom = custom_metadata_of(data["custom_metadata"]);
  const auto current = data["current_version"].integer();
  if (!editions || !custom || !current || *current < 0) return std::nullopt;
  Record record{.created = parse_moment(data["created_time"].text()),
                .updated = parse_moment(data["updated_time"].text()),
                .current = static_cast<std::uint64_t>(*current),
                .editions = std::move(*editions),
                .custom = std::move(*custom),
                .metadata_version = data["current_metadata_version"].integer()};
  // The newest version is the current one; an answer in which it is not would have us read another one.
  if (record.exists() && record.editions.front().number != record.current) return std::nullopt;
  return record;
}

Result<Metadata> metadata_of(NameView name, const Record& record) {
  auto metadata = metadata_of(name, record.custom);
  if (!metadata) return metadata;
  return with_times(std::move(*metadata), record);
}

Metadata metadata_to_list(const Record& record) {
  return with_times(metadata_to_list(record.custom), record);
}

std::optional<Imprint> imprint_of(Json::Value metadata) {
  const auto number = positive(metadata["version"]);
  const auto destroyed = metadata["destroyed"].boolean();
  auto custom = custom_metadata_of(metadata["custom_metadata"]);
  if (!number || !destroyed || !custom) return std::nullopt;
  return Imprint{.number = *number, .destroyed = *destroyed, .custom = std::move(*custom)};
}

}  // namespace locket::inline v1::vault
