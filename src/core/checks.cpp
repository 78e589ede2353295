#include "checks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace locket::inline v1 {
namespace {

constexpr std::size_t max_version_size = 256;
constexpr std::size_t max_idempotency_key_size = 64;
constexpr std::size_t max_page_size = 1000;
constexpr std::size_t max_text_size = 4096;
constexpr std::size_t max_tag_key_size = 128;
constexpr std::size_t max_tag_value_size = 256;
constexpr std::uint32_t max_reminder_days = 3650;

Error invalid(std::string message, std::string hint = {}) {
  return Error({.code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)});
}

bool is_token(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<void> check_token(std::string_view what, std::string_view text, std::size_t max) {
  if (!text.empty() && text.size() <= max && is_token(text)) return {};
  return invalid(fmt::format("the {} is not 1 to {} printable ASCII characters without spaces", what, max));
}

Result<void> check_version(const Version& version, const Capabilities& can) {
  if (!can.versions) return not_supported("tell versions apart");
  return check_token("version", version.text(), max_version_size);
}

// Control characters in what people read on terminals and in logs forge lines there.
Result<void> check_text(std::string_view what, std::string_view text, std::size_t max) {
  if (text.size() > max) {
    return Error({.code = ErrorCode::LimitExceeded,
                  .message = fmt::format("the {} is {} bytes long; {} are allowed", what, text.size(), max)});
  }
  const bool controls =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  if (controls) return invalid(fmt::format("the {} holds a control character", what));
  return {};
}

Result<void> check_change(std::string_view what, const Change<std::string>& change) {
  return change.value() == nullptr ? Result<void>() : check_text(what, *change.value(), max_text_size);
}

Result<void> check_tag(const std::string& key, const Change<std::string>& value) {
  if (key.empty()) return invalid("a tag's key is empty");
  if (auto good = check_text("tag's key", key, max_tag_key_size); !good) return good;
  if (value.value() == nullptr) return {};
  return check_text(fmt::format("value of the tag '{}'", key), *value.value(), max_tag_value_size);
}

Result<void> check_tags(const MetadataPatch& patch, const Capabilities& can) {
  std::uint64_t set = 0;
  for (const auto& [key, value] : patch.tags) {
    if (auto good = check_tag(key, value); !good) return good;
    if (value.value() != nullptr) ++set;
  }
  if (can.max_tags == 0 || set <= can.max_tags) return {};
  return Error({.code = ErrorCode::LimitExceeded,
                .message = fmt::format("{} tags are set; this store keeps {}", set, can.max_tags)});
}

Result<void> check_numbers(const MetadataPatch& patch) {
  if (const auto* period = patch.rotation_period.value(); period != nullptr && period->count() <= 0) {
    return invalid("the rotation period is not positive");
  }
  if (const auto* days = patch.reminder_days.value(); days != nullptr && *days > max_reminder_days) {
    return invalid(fmt::format("the reminder is {} days before; 0 to {} are allowed", *days, max_reminder_days));
  }
  return {};
}

Result<void> check_condition(const Condition& condition, const Capabilities& can) {
  if (std::holds_alternative<std::monostate>(condition)) return {};
  if (can.cas == Cas::None) return not_supported("write under a condition");
  const auto* version = std::get_if<Version>(&condition);
  return version == nullptr ? Result<void>() : check_version(*version, can);
}

Result<void> check_idempotency_key(std::string_view key, const Capabilities& can) {
  if (key.empty()) return {};
  if (!can.idempotent_put) return not_supported("recognize a repeated put by its idempotency key");
  return check_token("idempotency key", key, max_idempotency_key_size);
}

Result<void> check_options(const PutOptions& options, const Capabilities& can) {
  if (auto good = check_condition(options.condition, can); !good) return good;
  if (auto good = check_idempotency_key(options.idempotency_key, can); !good) return good;
  return options.metadata ? check_patch(*options.metadata, can) : Result<void>();
}

Result<void> check_limit(std::size_t limit) {
  if (limit <= max_page_size) return {};
  return invalid(fmt::format("{} items are asked for in one page; {} are allowed", limit, max_page_size));
}

}  // namespace

Error not_supported(std::string_view what) {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "store.not_supported",
                .message = fmt::format("this store cannot {}", what),
                .hint = "`locket backends` and the store's capabilities tell what it can do"});
}

Result<void> check_name_size(std::string_view name, const Capabilities& can) {
  if (can.max_name == 0 || name.size() <= can.max_name) return {};
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "name.too_long",
                .message = fmt::format("the name is {} bytes long; this store allows {}", name.size(), can.max_name)});
}

Result<void> check_which(const Which& which, const Capabilities& can) {
  if (const auto* version = std::get_if<Version>(&which)) return check_version(*version, can);
  const auto* stage = std::get_if<Stage>(&which);
  if (stage == nullptr) return {};
  if (!can.stages) return not_supported("read by stage");
  return check_token("stage", stage->label, max_version_size);
}

Result<void> check_list(const ListOptions& options, const Capabilities& can) {
  if (!can.list) return not_supported("list names");
  if (options.metadata && !can.list_metadata) return not_supported("list metadata; stat each name instead");
  if (options.deleted && !can.soft_delete) return not_supported("list removed secrets: it keeps none");
  return check_limit(options.limit);
}

Result<void> check_versions(const ListOptions& options, const Capabilities& can) {
  if (!can.versions) return not_supported("tell versions apart");
  if (options.metadata || options.deleted) return invalid("versions() takes only `limit` and `page` of ListOptions");
  return check_limit(options.limit);
}

Result<void> check_put(const SecretData& data, const PutOptions& options, const Capabilities& can) {
  if (!can.put) return not_supported("be written to");
  if (auto good = check_options(options, can); !good) return good;
  if (can.max_value == 0 || data.size() <= can.max_value) return {};
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "value.too_large",
                .message = fmt::format("the value is {} bytes long; this store allows {}", data.size(), can.max_value),
                .hint = "split it, or keep it where large objects are kept and put its key here"});
}

Result<void> check_rollback(const Version& version, const PutOptions& options, const Capabilities& can) {
  if (!can.rollback) return not_supported("roll back");
  if (auto good = check_version(version, can); !good) return good;
  return check_options(options, can);
}

Result<void> check_patch(const MetadataPatch& patch, const Capabilities& can) {
  if (!can.annotate) return not_supported("keep metadata");
  if (patch.expires.value() != nullptr && !can.expiry) return not_supported("keep an expiry");
  for (const auto& [what, change] : {std::pair{"description", &patch.description},
                                     {"type", &patch.type},
                                     {"provider", &patch.provider},
                                     {"status", &patch.status}}) {
    if (auto good = check_change(what, *change); !good) return good;
  }
  if (auto good = check_numbers(patch); !good) return good;
  return check_tags(patch, can);
}

}  // namespace locket::inline v1
