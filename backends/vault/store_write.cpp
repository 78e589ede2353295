#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "failure.hpp"
#include "kv_errors.hpp"
#include "kv_values.hpp"
#include "store.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr std::string_view cas_required = "check-and-set parameter required for this call";
constexpr std::string_view metadata_cas_failed = "metadata check-and-set parameter";

bool says(const Result<Answer>& answer, std::string_view known) {
  return answer && answer->status == 400 && answer->says(known);
}

Error conflict_of(NameView name, const Condition& condition) {
  const auto* version = std::get_if<Version>(&condition);
  if (version != nullptr) return other_version(name, *version);
  return std::holds_alternative<MustNotExist>(condition) ? exists_already(name) : too_many_writers(name);
}

Error gone(NameView name, const Record& record) {
  const Edition* current = record.find(record.current);
  return deleted(name, current != nullptr && current->state == VersionInfo::State::Destroyed);
}

// Destroyed ones aside; none is left of a secret that is destroyed altogether.
std::optional<std::uint64_t> newest_left(const Record& record) {
  const auto left = std::ranges::find_if(
      record.editions, [](const Edition& edition) { return edition.state != VersionInfo::State::Destroyed; });
  return left == record.editions.end() ? std::nullopt : std::optional(left->number);
}

}  // namespace

Result<Version> VaultStore::do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) {
  const auto object = object_of(data);
  if (!object) return object.error();
  return write(name, object->view(), options, call);
}

Result<Version> VaultStore::do_rollback(NameView name, const Version& version, const PutOptions& options,
                                        const Call& call) {
  const auto object = object_to_restore(name, version, call);
  if (!object) return object.error();
  return write(name, object->view(), options, call);
}

Result<SecretBuffer> VaultStore::object_to_restore(NameView name, const Version& version, const Call& call) {
  const auto record = kv_.record(name, call);
  if (!record) return record.error();
  const auto number = number_of(version);
  if (!number || record->find(*number) == nullptr) return no_version(name, version);
  if (record->removed()) return gone(name, *record);
  auto found = kv_.read_object(name, version, call);
  return found ? Result<SecretBuffer>(std::move(found->text)) : std::move(found).error();
}

// Vault keeps the two apart. The value comes first, so that a condition that does not hold changes nothing; the
// metadata's limits are checked before it.
Result<Version> VaultStore::write(NameView name, std::string_view object, const PutOptions& options, const Call& call) {
  if (auto good = kv_.mount().check(call); !good) return std::move(good).error();
  if (!options.metadata) return write_value(name, object, options.condition, call);
  auto before = kv_.look_up(name, call);
  if (!before) return std::move(before).error();
  Record record = std::move(*before).value_or(Record());
  if (const auto changes = changes_of(*options.metadata, record.custom); !changes) return changes.error();
  auto version = write_value(name, object, options.condition, call);
  if (!version) return version;
  if (auto changed = change(name, *options.metadata, std::move(record), call); !changed) {
    return written_without_metadata(name, *version, std::move(changed).error());
  }
  return version;
}

Result<Version> VaultStore::write_value(NameView name, std::string_view object, const Condition& condition,
                                        const Call& call) {
  CheckAndSet cas;
  if (std::holds_alternative<MustNotExist>(condition)) cas = 0;
  if (const auto* version = std::get_if<Version>(&condition)) {
    cas = number_of(*version);
    if (!cas) return other_version(name, *version);
  }
  const auto answer = cas ? post_value(name, object, cas, call) : post_without_condition(name, object, call);
  if (!answer) return answer.error();
  if (says(answer, cas_mismatch)) return conflict_of(name, condition);
  return kv_.version_in({.method = http::Method::Post, .path = kv_.paths().data(name)}, *answer, cas, call);
}

Result<Answer> VaultStore::post_value(NameView name, std::string_view object, CheckAndSet cas, const Call& call) {
  const SecretBuffer body = write_body(object, cas);
  return kv_.client().send({.method = http::Method::Post, .path = kv_.paths().data(name), .body = body.view()}, call);
}

// A mount or a secret may demand a condition of all writers (cas_required): then it is the version that is there now.
Result<Answer> VaultStore::post_without_condition(NameView name, std::string_view object, const Call& call) {
  auto answer = post_value(name, object, {}, call);
  for (int i = 0; i < tries && (says(answer, cas_required) || says(answer, cas_mismatch)); ++i) {
    const auto record = kv_.look_up(name, call);
    if (!record) return record.error();
    answer = post_value(name, object, *record ? (*record)->current : 0, call);
  }
  return answer;
}

Result<void> VaultStore::do_annotate(NameView name, const MetadataPatch& patch, const Call& call) {
  auto record = kv_.record(name, call);
  if (!record) return std::move(record).error();
  if (record->removed()) return gone(name, *record);
  return change(name, patch, std::move(*record), call);
}

Result<void> VaultStore::change(NameView name, const MetadataPatch& patch, Record record, const Call& call) {
  std::optional<std::int64_t> cas;
  Effect earlier = Effect::None;
  const auto failed = [&](Error error) {
    if (error.effect() == Effect::None) error.details().effect = earlier;
    return error;
  };
  for (int i = 0; i < tries; ++i) {
    const auto changes = changes_of(patch, record.custom);
    if (!changes) return failed(changes.error());
    if (changes->empty()) return {};
    const auto answer = send_changes(name, record, *changes, cas, call);
    if (!answer) return failed(answer.error());
    if (answer->ok()) return {};
    if (answer->earlier == Effect::Unknown) earlier = Effect::Unknown;
    if (answer->status == 404) return failed(no_secret(name));
    if (!says(answer, metadata_cas_failed))
      return failed(rejected({.method = http::Method::Patch, .path = kv_.paths().metadata(name)}, *answer));
    auto now = kv_.record(name, call);
    if (!now) return failed(std::move(now).error());
    record = std::move(*now);
    cas = record.metadata_version;
  }
  return failed(too_many_writers(name));
}

// Who may update but not patch replaces all metadata with what they would be; what others change in between is lost.
Result<Answer> VaultStore::send_changes(NameView name, const Record& record, const CustomChanges& changes,
                                        std::optional<std::int64_t> metadata_cas, const Call& call) {
  if (!patches_) return replace_metadata(name, record, changes, metadata_cas, call);
  const SecretBuffer body = patch_body(changes, metadata_cas);
  auto answer = kv_.client().send({.method = http::Method::Patch,
                                   .path = kv_.paths().metadata(name),
                                   .body = body.view(),
                                   .content_type = merge_patch,
                                   .purpose = http::Purpose::IdempotentWrite},
                                  call);
  const bool unknown = answer && answer->status == 405;
  const bool refused = !answer && answer.error().code() == ErrorCode::PermissionDenied;
  if (unknown) patches_ = false;
  if (!unknown && !refused) return answer;
  auto replaced = replace_metadata(name, record, changes, metadata_cas, call);
  keep_earlier(replaced, answer ? answer->earlier : answer.error().effect());
  // Of two refusals the first is told: it names the right that locket would rather have.
  const bool refused_again = !replaced && replaced.error().code() == ErrorCode::PermissionDenied;
  return refused && refused_again ? std::move(answer) : std::move(replaced);
}

Result<Answer> VaultStore::replace_metadata(NameView name, const Record& record, const CustomChanges& changes,
                                            std::optional<std::int64_t> metadata_cas, const Call& call) {
  const SecretBuffer body = whole_body(merged(record.custom, changes), metadata_cas);
  return kv_.client().send({.method = http::Method::Post, .path = kv_.paths().metadata(name), .body = body.view()},
                           call);
}

// Vault answers 204 whatever is there, so what there is is read first.
Result<void> VaultStore::do_remove(NameView name, const Call& call) {
  const auto record = kv_.record(name, call);
  if (!record) return record.error();
  return kv_.mark("delete", name, record->numbers(VersionInfo::State::Live), call);
}

Result<void> VaultStore::do_undelete(NameView name, const Call& call) {
  const auto record = kv_.record(name, call);
  if (!record) return record.error();
  const auto numbers = record->numbers(VersionInfo::State::Deleted);
  if (auto undeleted = kv_.mark("undelete", name, numbers, call); !undeleted) return undeleted;
  if (record->editions.front().state != VersionInfo::State::Destroyed) return {};
  return with_effect(still_destroyed(name, newest_left(*record)), numbers.empty() ? Effect::None : Effect::Applied);
}

Result<void> VaultStore::do_purge(NameView name, const Call& call) {
  const auto found = kv_.look_up(name, call);
  if (!found) return found.error();
  if (!*found) return no_secret(name);
  const Ask ask{.method = http::Method::Delete, .path = kv_.paths().metadata(name)};
  const auto answer = kv_.client().send(ask, call);
  if (!answer) return answer.error();
  return answer->ok() ? Result<void>() : rejected(ask, *answer);
}

}  // namespace locket::inline v1::vault
