#include "versions.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

namespace locket::inline v1::local {
namespace {

using State = VersionEntry::State;

VersionInfo info_of(const Item& item, const VersionEntry& entry) {
  VersionInfo info{.version = version_of(entry.number),
                   .current = entry.number == item.current,
                   .created = from_ms(entry.created_ms)};
  if (entry.state == State::Deleted) info.state = VersionInfo::State::Deleted;
  if (entry.state == State::Destroyed) info.state = VersionInfo::State::Destroyed;
  return info;
}

}  // namespace

Version version_of(std::uint32_t number) {
  return Version(std::to_string(number));
}

std::uint32_t number_of(const Version& version) noexcept {
  const std::string& text = version.text();
  const char* last = text.data() + text.size();
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), last, number);
  return failed == std::errc() && end == last && text.front() != '0' ? number : 0;
}

Error no_secret(std::string_view name) {
  return Error({.code = ErrorCode::NotFound,
                .reason = "secret.not_found",
                .message = fmt::format("no secret named '{}'", name),
                .hint = "list the names: `locket list`"});
}

Error conflict(const char* reason, std::string message, const char* hint) {
  return Error({.code = ErrorCode::Conflict, .reason = reason, .message = std::move(message), .hint = hint});
}

const VersionEntry& current_of(const Item& item) noexcept {
  return *std::ranges::find(item.versions, item.current, &VersionEntry::number);
}

bool is_removed(const Item& item) noexcept {
  return current_of(item).state == State::Deleted;
}

Result<const VersionEntry*> find_version(std::string_view name, const Item& item, const Which& which) {
  const auto* version = std::get_if<Version>(&which);
  const std::uint32_t number = version != nullptr ? number_of(*version) : item.current;
  const auto found = std::ranges::lower_bound(item.versions, number, {}, &VersionEntry::number);
  if (found != item.versions.end() && found->number == number) return &*found;
  return Error({.code = ErrorCode::NotFound,
                .reason = "version.not_found",
                .message = fmt::format("the secret '{}' has no version '{}'", name,
                                       version != nullptr ? version->text() : std::to_string(number)),
                .hint = "list its versions; the oldest are dropped when there are too many"});
}

Result<const VersionEntry*> find_readable(std::string_view name, const Item& item, const Which& which) {
  auto entry = find_version(name, item, which);
  if (!entry) return entry;
  if ((*entry)->state == State::Live) return entry;
  if ((*entry)->state == State::Deleted) {
    return Error({.code = ErrorCode::Deleted,
                  .reason = "secret.deleted",
                  .message = fmt::format("version {} of '{}' is removed", (*entry)->number, name),
                  .hint = "undelete the secret, or put a new value"});
  }
  return Error({.code = ErrorCode::Deleted,
                .reason = "version.destroyed",
                .message = fmt::format("the value of version {} of '{}' is gone", (*entry)->number, name),
                .hint = "list its versions to see which can be read"});
}

Result<void> check_condition(std::string_view name, const std::optional<Item>& item, const Condition& condition) {
  if (std::holds_alternative<MustNotExist>(condition) && item) {
    return conflict("put.exists",
                    fmt::format("a secret named '{}' exists{}", name, is_removed(*item) ? ", removed" : ""),
                    is_removed(*item) ? "undelete it, or purge it first" : "put under the condition of its version");
  }
  const auto* expected = std::get_if<Version>(&condition);
  if (expected == nullptr || (item && number_of(*expected) == item->current)) return {};
  const std::string actual = item ? fmt::format("its current version is {}", item->current) : "there is none";
  return conflict("put.version", fmt::format("version {} of '{}' was expected; {}", expected->text(), name, actual),
                  "read the secret again, and decide anew");
}

Result<void> check_tags(const Metadata& metadata) {
  if (metadata.tags.size() <= max_tags) return {};
  return Error({.code = ErrorCode::LimitExceeded,
                .message = fmt::format("the secret would have {} tags; {} are allowed", metadata.tags.size(), max_tags),
                .hint = "clear those that are not needed"});
}

void set_removed(Item& item, bool removed) noexcept {
  for (VersionEntry& entry : item.versions) {
    if (entry.state != State::Destroyed) entry.state = removed ? State::Deleted : State::Live;
  }
}

SecretInfo info_of(NameView name, const Item& item, bool metadata) {
  SecretInfo info{.name = Name(name), .deleted = is_removed(item)};
  if (!metadata) return info;
  info.current = version_of(item.current);
  info.metadata = item.metadata;
  info.fields = item.fields;
  return info;
}

Result<Page<VersionInfo>> versions_of(const Item& item, const ListOptions& options) {
  const std::size_t limit = options.limit != 0 ? options.limit : default_page_size;
  const std::uint32_t below = options.page.empty() ? 0 : number_of(Version(options.page));
  if (!options.page.empty() && below == 0) {
    return Error({.code = ErrorCode::InvalidArgument, .message = "the page is not one of this listing"});
  }
  Page<VersionInfo> page;
  for (auto entry = item.versions.rbegin(); entry != item.versions.rend(); ++entry) {
    if (below != 0 && entry->number >= below) continue;
    if (page.items.size() == limit) {
      page.next = page.items.back().version.text();
      break;
    }
    page.items.push_back(info_of(item, *entry));
  }
  return page;
}

}  // namespace locket::inline v1::local
