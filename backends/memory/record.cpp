#include "record.hpp"

#include <charconv>
#include <ranges>
#include <utility>

#include <fmt/format.h>

namespace locket::inline v1::memory {
namespace {

constexpr std::size_t default_page_size = 100;

Error no_version(NameView name, const Version& version) {
  return Error({.code = ErrorCode::NotFound,
                .reason = "version.not_found",
                .message = fmt::format("the secret '{}' has no version '{}'", name.text(), version.text()),
                .hint = "list its versions; the oldest are dropped when there are too many"});
}

Error deleted(NameView name) {
  return Error({.code = ErrorCode::Deleted,
                .reason = "secret.deleted",
                .message = fmt::format("this version of '{}' is removed", name.text()),
                .hint = "undelete the secret, or put a new value"});
}

Error conflict(std::string reason, std::string message, std::string hint) {
  return Error({.code = ErrorCode::Conflict,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint)});
}

bool version_asked(const Which& which) {
  return std::holds_alternative<Version>(which);
}

// Versions are opaque: "01" and "+1" are not version 1.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text.front() == '0') return std::nullopt;
  return number;
}

SecretData copy_of(const Secret& secret) {
  SecretValue value = secret.value().clone();
  return secret.kind() == SecretData::Kind::Fields ? SecretData::stored_fields(std::move(value))
                                                   : SecretData::bytes(std::move(value));
}

// In constant time: whoever may put but not read must not learn the value by guessing it with a known key.
bool holds(const Secret& secret, const SecretData& data) {
  return secret.kind() == data.kind() && secret.value() == data.encoded();
}

}  // namespace

Result<Record::Entry*> Record::find(NameView name, const Which& which) {
  const auto* version = std::get_if<Version>(&which);
  // No stage comes this far: the capabilities say that there are none.
  if (version == nullptr) return &entries_.back();
  const auto number = number_of(version->text());
  const std::uint64_t oldest = entries_.front().number;
  if (!number || *number < oldest || *number - oldest >= entries_.size()) return no_version(name, *version);
  return &entries_[*number - oldest];
}

// Metadata belong to the secret and not to the version: whatever version is read must carry today's `expires`, or an
// expired value would be released. Handles are immutable, so one with older metadata is made anew, at its next read.
const Secret& Record::handle(Entry& entry) {
  if (entry.revision != revision_) {
    entry.secret = Secret(copy_of(entry.secret), entry.secret.version(), metadata_);
    entry.revision = revision_;
  }
  return entry.secret;
}

Result<Secret> Record::get(NameView name, const Which& which) {
  auto entry = find(name, which);
  if (!entry) return std::move(entry).error();
  if ((*entry)->deleted) return deleted(name);
  return handle(**entry);
}

Result<Record::Glance> Record::glance(NameView name, const Which& which) {
  auto entry = find(name, which);
  if (!entry) return std::move(entry).error();
  if ((*entry)->deleted && version_asked(which)) return deleted(name);
  return Glance{.secret = handle(**entry), .current = current(), .removed = removed()};
}

VersionInfo Record::info(const Entry& entry) const {
  const auto state = entry.deleted ? VersionInfo::State::Deleted : VersionInfo::State::Live;
  return {.version = Version(std::to_string(entry.number)),
          .state = state,
          .current = &entry == &entries_.back(),
          .created = entry.created};
}

// A page goes on below the last number that the one before told, whatever was put or dropped in between.
Result<Page<VersionInfo>> Record::versions(const ListOptions& options) const {
  const std::size_t limit = options.limit != 0 ? options.limit : default_page_size;
  const auto below = options.page.empty() ? entries_.back().number + 1 : number_of(options.page);
  if (!below) return Error({.code = ErrorCode::InvalidArgument, .message = "the page is not one of this listing"});

  Page<VersionInfo> page;
  for (const Entry& entry : std::views::reverse(entries_)) {
    if (entry.number >= *below) continue;
    if (page.items.size() == limit) {
      page.next = page.items.back().version.text();
      break;
    }
    page.items.push_back(info(entry));
  }
  return page;
}

bool Record::repeats(const PutOptions& options) const {
  return !options.idempotency_key.empty() && options.idempotency_key == last_key_;
}

// A removed secret exists, and keeps its current version.
Result<void> Record::check_condition(NameView name, const Condition& condition) const {
  if (std::holds_alternative<MustNotExist>(condition) && !entries_.empty()) {
    return conflict("put.exists",
                    fmt::format("a secret named '{}' exists{}", name.text(), removed() ? ", removed" : ""),
                    removed() ? "undelete it, or purge it first" : "put under the condition of its current version");
  }
  const auto* expected = std::get_if<Version>(&condition);
  if (expected == nullptr || (!entries_.empty() && current() == *expected)) return {};
  const std::string actual = entries_.empty() ? "there is none" : "its current version is " + current().text();
  return conflict("put.version",
                  fmt::format("version {} of '{}' was expected; {}", expected->text(), name.text(), actual),
                  "read the secret again, and decide anew");
}

Result<Version> Record::put(NameView name, SecretData data, const Write& write) {
  if (repeats(write.options)) {
    // Answered as then, whatever happened since: the secret may even be removed. Metadata are not compared.
    if (holds(entries_.back().secret, data)) return current();
    return conflict("put.key_reused", fmt::format("the idempotency key was used for other data of '{}'", name.text()),
                    "make a new key for each put that is no repetition");
  }
  if (auto met = check_condition(name, write.options.condition); !met) return std::move(met).error();
  return append(std::move(data), write);
}

Result<Version> Record::rollback(NameView name, const Version& to, const Write& write) {
  // Before looking for `to`, which the history may have dropped for the version that this call made.
  if (repeats(write.options) && last_source_ == to) return current();
  auto secret = get(name, to);
  if (!secret) return std::move(secret).error();
  std::optional<Version> source = to;  // copied before anything is written
  auto version = put(name, copy_of(*secret), write);
  if (version) last_source_ = std::move(source);
  return version;
}

Version Record::append(SecretData data, const Write& write) {
  Metadata metadata = write.options.metadata ? apply(metadata_, *write.options.metadata) : metadata_;
  if (entries_.empty()) metadata.created = write.now;
  metadata.updated = write.now;
  const std::uint64_t number = entries_.empty() ? 1 : entries_.back().number + 1;
  Version version(std::to_string(number));
  std::string key = write.options.idempotency_key;
  entries_.push_back({.number = number,
                      .created = write.now,
                      .secret = Secret(std::move(data), version, metadata),
                      .revision = revision_ + 1});

  // Memory may have run out until here, with nothing changed; from here on nothing fails.
  ++revision_;
  metadata_ = std::move(metadata);
  last_key_ = std::move(key);
  last_source_.reset();
  if (write.keep != 0 && entries_.size() > write.keep) entries_.erase(entries_.begin());
  return version;
}

void Record::mark(bool deleted) noexcept {
  for (Entry& entry : entries_) entry.deleted = deleted;
}

Result<void> Record::annotate(NameView name, const MetadataPatch& patch, Clock::Wall now) {
  if (removed()) return deleted(name);
  Metadata changed = apply(metadata_, patch);
  if (changed == metadata_) return {};
  changed.updated = now;
  metadata_ = std::move(changed);
  ++revision_;
  return {};
}

}  // namespace locket::inline v1::memory
