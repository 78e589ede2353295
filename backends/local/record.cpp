#include "record.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <utility>

#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::string_view tag_prefix = "tag/";
// More names than this are not told by stat and list: they would make every read of the item slow.
constexpr std::size_t max_fields_size = 16'384;
constexpr std::size_t max_metadata_size = std::size_t{1} << 20U;

using Entries = std::map<std::string, std::string>;
using std::chrono::milliseconds;

template <class T>
std::string bytes_from(T value) {
  std::string text;
  Writer(text).number(value);
  return text;
}

void add_text(Entries& entries, const char* key, const std::string& text) {
  if (!text.empty()) entries[key] = text;
}

Entries entries_of(const Item& item) {
  const Metadata& metadata = item.metadata;
  Entries entries;
  add_text(entries, "description", metadata.description);
  add_text(entries, "provider", metadata.provider);
  add_text(entries, "status", metadata.status);
  add_text(entries, "type", metadata.type);
  if (metadata.created) entries["created"] = bytes_from(to_ms(*metadata.created));
  if (metadata.last_rotated) entries["last_rotated"] = bytes_from(to_ms(*metadata.last_rotated));
  if (metadata.reminder_days) entries["reminder_days"] = bytes_from(*metadata.reminder_days);
  if (metadata.rotation_period) {
    entries["rotation_period"] = bytes_from(static_cast<std::int64_t>(metadata.rotation_period->count()));
  }
  for (const auto& [key, value] : metadata.tags) entries[std::string(tag_prefix) + key] = value;
  if (item.fields) {
    std::string names;
    for (const std::string& name : *item.fields) {
      if (names.size() + 2 + name.size() > max_fields_size) return entries;
      Writer(names).lp16(name);
    }
    entries["fields"] = std::move(names);
  }
  return entries;
}

template <class T>
bool read_number(std::string_view bytes, T& out) {
  Reader reader(bytes_of(bytes));
  out = reader.number<T>();
  return reader.complete();
}

bool read_time(std::string_view bytes, std::optional<Clock::Wall>& out) {
  std::int64_t ms = 0;
  if (!read_number(bytes, ms)) return false;
  out = from_ms(ms);
  return true;
}

bool read_fields(std::string_view bytes, Item& item) {
  Reader reader(bytes_of(bytes));
  item.fields.emplace();
  while (!reader.failed() && reader.left() != 0) item.fields->emplace_back(reader.lp16());
  return reader.complete();
}

bool read_entry(std::string_view key, std::string_view value, Item& item) {
  Metadata& metadata = item.metadata;
  if (key.starts_with(tag_prefix)) return metadata.tags.emplace(key.substr(tag_prefix.size()), value).second;
  if (key == "description") return metadata.description = value, true;
  if (key == "provider") return metadata.provider = value, true;
  if (key == "status") return metadata.status = value, true;
  if (key == "type") return metadata.type = value, true;
  if (key == "created") return read_time(value, metadata.created);
  if (key == "last_rotated") return read_time(value, metadata.last_rotated);
  if (key == "fields") return read_fields(value, item);
  if (key == "reminder_days") return read_number(value, metadata.reminder_days.emplace());
  std::int64_t seconds = 0;
  if (key != "rotation_period" || !read_number(value, seconds)) return false;
  metadata.rotation_period = std::chrono::seconds(seconds);
  return true;
}

bool read_entries(Reader& reader, Item& item) {
  std::string_view before;
  for (unsigned count = reader.number<std::uint16_t>(); count > 0; --count) {
    const std::string_view key = reader.lp16();
    const std::string_view value = text_of(reader.raw(reader.number<std::uint32_t>()));
    if (reader.failed() || key <= before || !read_entry(key, value, item)) return false;
    before = key;
  }
  return true;
}

bool read_versions(Reader& reader, Item& item) {
  constexpr std::size_t entry_size = 4 + 8 + 1 + sizeof(Tag);
  const auto count = reader.number<std::uint32_t>();
  if (count > reader.left() / entry_size) return false;
  item.versions.resize(count);
  std::uint32_t before = 0;
  bool current = false;
  for (VersionEntry& entry : item.versions) {
    entry.number = reader.number<std::uint32_t>();
    entry.created_ms = reader.number<std::int64_t>();
    const auto state = reader.number<std::uint8_t>();
    entry.value_tag = reader.array<sizeof(Tag)>();
    if (entry.number <= before || state > static_cast<std::uint8_t>(VersionEntry::State::Destroyed)) return false;
    entry.state = static_cast<VersionEntry::State>(state);
    before = entry.number;
    current = current || entry.number == item.current;
  }
  return current && before <= item.last_version;
}

void write_versions(Writer<SecretBuffer>& writer, const Item& item) {
  writer.number(static_cast<std::uint32_t>(item.versions.size()));
  for (const VersionEntry& entry : item.versions) {
    writer.number(entry.number).number(entry.created_ms).number(static_cast<std::uint8_t>(entry.state));
    writer.raw(entry.value_tag);
  }
}

// 0 means none, so that very moment is a millisecond later.
std::int64_t expiry_ms(const std::optional<Clock::Wall>& expires) {
  if (!expires) return 0;
  const std::int64_t ms = to_ms(*expires);
  return ms != 0 ? ms : 1;
}

}  // namespace

std::int64_t to_ms(Clock::Wall time) noexcept {
  return std::chrono::floor<milliseconds>(time.time_since_epoch()).count();
}

Clock::Wall from_ms(std::int64_t ms) noexcept {
  using Limits = std::numeric_limits<Clock::Wall::rep>;
  constexpr std::int64_t per_ms = std::chrono::duration_cast<Clock::Wall::duration>(milliseconds(1)).count();
  const std::int64_t clamped = std::clamp<std::int64_t>(ms, Limits::min() / per_ms, Limits::max() / per_ms);
  return Clock::Wall(milliseconds(clamped));
}

Result<void> encode(const Item& item, SecretBuffer& out) {
  begin_padded(out);
  Writer writer(out);
  writer.number(item.current).number(item.last_version).number(to_ms(item.metadata.updated.value_or(Clock::Wall())));
  writer.number(expiry_ms(item.metadata.expires)).raw(item.put_token.mac).number(item.put_token.source);
  write_versions(writer, item);
  const Entries entries = entries_of(item);
  const std::size_t begin = out.size();
  writer.number(static_cast<std::uint16_t>(entries.size()));
  for (const auto& [key, value] : entries) {
    writer.lp16(key).number(static_cast<std::uint32_t>(value.size())).raw(value);
  }
  if (out.size() - begin > max_metadata_size) {
    return Error({.code = ErrorCode::LimitExceeded,
                  .reason = "local.metadata_size",
                  .message = "the secret's metadata are more than 1 MiB in all"});
  }
  end_padded(out);
  return {};
}

Result<Item> parse_item(const SecretBuffer& padded) {
  auto plaintext = unpad(padded);
  if (!plaintext) return std::move(plaintext).error();
  Reader reader(*plaintext);
  Item item;
  item.current = reader.number<std::uint32_t>();
  item.last_version = reader.number<std::uint32_t>();
  item.metadata.updated = from_ms(reader.number<std::int64_t>());
  if (const auto expires = reader.number<std::int64_t>(); expires != 0) item.metadata.expires = from_ms(expires);
  item.put_token.mac = reader.array<12>();
  item.put_token.source = reader.number<std::uint32_t>();
  if (!read_versions(reader, item) || !read_entries(reader, item) || !reader.complete()) {
    return integrity_error("a secret's record");
  }
  return item;
}

void encode(const SecretData& data, SecretBuffer& out) {
  out.reserve(data.size() + 4 + 1 + 64);
  begin_padded(out);
  Writer(out).number(static_cast<std::uint8_t>(data.kind() == SecretData::Kind::Fields ? 1 : 0));
  out.append(data.encoded().expose());
  end_padded(out);
}

Result<SecretData> parse_value(const SecretBuffer& padded) {
  auto plaintext = unpad(padded);
  if (!plaintext) return std::move(plaintext).error();
  Reader reader(*plaintext);
  const auto kind = reader.number<std::uint8_t>();
  if (reader.failed() || kind > 1) return integrity_error("a secret's value");
  SecretValue value(text_of(reader.raw(reader.left())));
  return kind == 1 ? SecretData::stored_fields(std::move(value)) : SecretData::bytes(std::move(value));
}

}  // namespace locket::inline v1::local
