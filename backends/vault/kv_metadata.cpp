#include "kv_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "core/json_arena.hpp"
#include "core/printable.hpp"
#include "kv_time.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr std::string_view own = "locket.";
constexpr std::string_view description_key = "locket.description";
constexpr std::string_view type_key = "locket.type";
constexpr std::string_view provider_key = "locket.provider";
constexpr std::string_view status_key = "locket.status";
constexpr std::string_view expires_key = "locket.expires";
constexpr std::string_view period_key = "locket.rotation_period";
constexpr std::string_view rotated_key = "locket.last_rotated";
constexpr std::string_view reminder_key = "locket.reminder_days";

Error limit_exceeded(std::string message, std::string hint = {}) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "vault.metadata",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error unreadable_expiry(NameView name) {
  return Error({.code = ErrorCode::MalformedResponse,
                .reason = "vault.expires",
                .message = fmt::format("the custom_metadata '{}' of '{}' is no time", expires_key, name.text()),
                .hint = "write it as 2026-12-31T08:00:00Z; until then the value is not released"});
}

const std::string* find(const CustomMetadata& custom, std::string_view key) {
  const auto found = custom.find(key);
  return found == custom.end() ? nullptr : &found->second;
}

std::string text_in(const CustomMetadata& custom, std::string_view key) {
  const std::string* text = find(custom, key);
  return text == nullptr ? std::string() : read_text(*text);
}

std::optional<std::uint32_t> days_in(const CustomMetadata& custom) {
  const std::string* text = find(custom, reminder_key);
  if (text == nullptr) return std::nullopt;
  std::uint32_t days = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), days);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return days;
}

bool has_unreadable_expiry(const CustomMetadata& custom) {
  const std::string* expires = find(custom, expires_key);
  return expires != nullptr && !parse_moment(*expires);
}

Metadata readable_in(const CustomMetadata& custom) {
  Metadata metadata{.description = text_in(custom, description_key),
                    .type = text_in(custom, type_key),
                    .provider = text_in(custom, provider_key),
                    .status = text_in(custom, status_key)};
  for (const auto& [key, value] : custom) {
    if (!key.starts_with(own)) metadata.tags.emplace(read_text(key), read_text(value));
  }
  if (const std::string* expires = find(custom, expires_key)) metadata.expires = parse_moment(*expires);
  if (const std::string* period = find(custom, period_key)) metadata.rotation_period = parse_period(*period);
  if (const std::string* rotated = find(custom, rotated_key)) metadata.last_rotated = parse_moment(*rotated);
  metadata.reminder_days = days_in(custom);
  return metadata;
}

// Collects what a patch changes.
class Collector {
 public:
  explicit Collector(const CustomMetadata& present) : present_(present) {}

  void text(std::string_view key, const Change<std::string>& change) {
    if (change.keeps()) return;
    // In locket's metadata an empty text is none.
    if (change.clears() || change.value()->empty()) return set(key, std::nullopt);
    auto value = write_text(*change.value());
    if (!value) return refuse(key.substr(own.size()));
    set(key, std::move(value));
  }
  template <class T, class Format>
  void other(std::string_view key, const Change<T>& change, Format format) {
    if (change.clears()) set(key, std::nullopt);
    if (change.value() != nullptr) set(key, format(*change.value()));
  }
  void tag(std::string_view tag, const Change<std::string>& change) {
    // One that looks like a key of locket's own stands in quotation marks.
    const auto key = write_text(tag, own);
    if (!key) return refuse(fmt::format("tag '{}'", printable(tag)));
    if (change.clears()) set(*key, std::nullopt);
    if (change.value() == nullptr) return;
    auto value = write_text(*change.value());
    if (!value) return refuse(fmt::format("value of the tag '{}'", printable(tag)));
    set(*key, std::move(value));
  }

  Result<CustomChanges> finish() && {
    if (error_) return std::move(*error_);
    if (auto good = check_counts(); !good) return std::move(good).error();
    return std::move(changes_);
  }

 private:
  void set(std::string_view key, std::optional<std::string> value) {
    if (key.size() > max_custom_key || (value && value->size() > max_custom_value)) {
      keep(limit_exceeded(fmt::format("'{}' and its value are longer than the {} and {} bytes that Vault keeps",
                                      printable(key.substr(0, max_custom_key)), max_custom_key, max_custom_value),
                          "shorten it; empty text and special characters take more than they show"));
      return;
    }
    const std::string* present = find(present_, key);
    const bool same = value ? present != nullptr && *present == *value : present == nullptr;
    if (!same) changes_.insert_or_assign(std::string(key), std::move(value));
  }
  void refuse(std::string_view what) {
    keep(Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.metadata",
                .message = fmt::format("the {} is no text in UTF-8", what),
                .hint = "Vault keeps metadata as JSON"}));
  }
  void keep(Error error) {
    if (!error_) error_ = std::move(error);
  }
  Result<void> check_counts() const {
    const CustomMetadata after = merged(present_, changes_);
    const auto tags = [](const CustomMetadata& custom) {
      return static_cast<std::size_t>(
          std::ranges::count_if(custom, [](const auto& entry) { return !entry.first.starts_with(own); }));
    };
    // Other tools may have written more: those stay, and so does what else is changed.
    if (tags(after) > max_tags && tags(after) > tags(present_)) {
      return limit_exceeded(fmt::format("the secret would have {} tags; {} are kept", tags(after), max_tags));
    }
    if (after.size() <= max_custom_keys) return {};
    return limit_exceeded(
        fmt::format("the secret would have {} keys of metadata; Vault keeps {}", after.size(), max_custom_keys));
  }

  const CustomMetadata& present_;
  CustomChanges changes_;
  std::optional<Error> error_;
};

class Body {
 public:
  Body() : stream_{text_}, writer_(stream_) {
    writer_.StartObject();
    key("custom_metadata");
    writer_.StartObject();
  }
  void member(std::string_view name, const std::string* value) {
    key(name);
    if (value == nullptr) {
      writer_.Null();
    } else {
      writer_.String(value->data(), static_cast<rapidjson::SizeType>(value->size()));
    }
  }
  SecretBuffer finish(std::optional<std::int64_t> metadata_cas) && {
    writer_.EndObject();
    if (metadata_cas) {
      key("metadata_cas");
      writer_.Int64(*metadata_cas);
    }
    writer_.EndObject();
    return std::move(text_);
  }

 private:
  void key(std::string_view name) { writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }

  SecretBuffer text_;
  json_arena::BufferStream stream_;
  json_arena::Writer writer_;
};

}  // namespace

std::optional<CustomMetadata> custom_metadata_of(http::Json::Value value) {
  CustomMetadata custom;
  if (!value) return custom;
  if (!value.is(http::Json::Kind::Object)) return std::nullopt;
  for (const http::Json::Value& member : value.children()) {
    if (!member.is(http::Json::Kind::String)) return std::nullopt;
    custom.emplace(member.name(), member.text());
  }
  return custom;
}

Result<Metadata> metadata_of(NameView name, const CustomMetadata& custom) {
  if (has_unreadable_expiry(custom)) return unreadable_expiry(name);
  return readable_in(custom);
}

Metadata metadata_to_list(const CustomMetadata& custom) {
  Metadata metadata = readable_in(custom);
  if (has_unreadable_expiry(custom)) metadata.status = "unreadable expiry";
  return metadata;
}

Result<CustomChanges> changes_of(const MetadataPatch& patch, const CustomMetadata& present) {
  Collector changes(present);
  changes.text(description_key, patch.description);
  changes.text(type_key, patch.type);
  changes.text(provider_key, patch.provider);
  changes.text(status_key, patch.status);
  for (const auto& [tag, change] : patch.tags) changes.tag(tag, change);
  changes.other(expires_key, patch.expires, format_moment);
  changes.other(period_key, patch.rotation_period, format_period);
  changes.other(rotated_key, patch.last_rotated, format_moment);
  changes.other(reminder_key, patch.reminder_days, [](std::uint32_t days) { return std::to_string(days); });
  return std::move(changes).finish();
}

CustomMetadata merged(CustomMetadata custom, const CustomChanges& changes) {
  for (const auto& [key, value] : changes) {
    if (value) {
      custom.insert_or_assign(key, *value);
    } else {
      custom.erase(key);
    }
  }
  return custom;
}

SecretBuffer patch_body(const CustomChanges& changes, std::optional<std::int64_t> metadata_cas) {
  Body body;
  for (const auto& [key, value] : changes) body.member(key, value ? &*value : nullptr);
  return std::move(body).finish(metadata_cas);
}

SecretBuffer whole_body(const CustomMetadata& custom, std::optional<std::int64_t> metadata_cas) {
  Body body;
  for (const auto& [key, value] : custom) body.member(key, &value);
  return std::move(body).finish(metadata_cas);
}

}  // namespace locket::inline v1::vault
