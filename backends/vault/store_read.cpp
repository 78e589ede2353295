#include <array>
#include <utility>

#include "failure.hpp"
#include "health.hpp"
#include "kv_errors.hpp"
#include "listing.hpp"
#include "store.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr std::size_t default_page_size = 100;

bool version_asked(const Which& which) {
  return std::holds_alternative<Version>(which);
}

// What is known where metadata/… is refused: all but the history.
Result<SecretInfo> info_of(NameView name, const Which& which, Glimpse glimpse) {
  if (version_asked(which) && glimpse.gone) return deleted(name, glimpse.imprint.destroyed);
  auto metadata = metadata_of(name, glimpse.imprint.custom);
  if (!metadata) return std::move(metadata).error();
  SecretInfo info{.name = Name(name),
                  .deleted = glimpse.gone,
                  .metadata = std::move(*metadata),
                  .fields = std::move(glimpse.fields)};
  if (!version_asked(which)) info.current = version_of(glimpse.imprint.number);
  return info;
}

// That the version that is asked for can be read.
Result<void> check_version(NameView name, const Which& which, const Record& record) {
  const auto* version = std::get_if<Version>(&which);
  if (version == nullptr) return {};
  const auto number = number_of(*version);
  const Edition* edition = number ? record.find(*number) : nullptr;
  if (edition == nullptr) return no_version(name, *version);
  if (edition->state == VersionInfo::State::Live) return {};
  return deleted(name, edition->state == VersionInfo::State::Destroyed);
}

}  // namespace

Result<Secret> VaultStore::do_get(NameView name, const GetOptions& options, const Call& call) {
  return kv_.read(name, options.which, call);
}

std::vector<Result<Secret>> VaultStore::do_get_many(std::span<const GetRequest> requests, const Call& call) {
  return kv_.read_many(requests, call);
}

// Two questions at once: the history, and the fields' names. A policy may allow one of them alone.
Result<SecretInfo> VaultStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  const auto query = query_of(options.which);
  if (!query) return missing(name, options.which);
  std::array asks{history_of(kv_.paths(), name), glimpse_of(kv_.paths(), name, *query)};
  share(asks);
  auto answers = kv_.client().send_many(asks, call);
  const auto record = kv_.record_in(asks[0], kv_.whole(asks[0], std::move(answers[0]), call), call);
  auto glimpse = glimpse_in(asks[1], kv_.whole(asks[1], std::move(answers[1]), call));
  if (!record) {
    const bool refused = record.error().code() == ErrorCode::PermissionDenied;
    return refused && glimpse && *glimpse ? info_of(name, options.which, std::move(**glimpse)) : record.error();
  }
  if (!*record || !(*record)->exists()) return missing(name, options.which);
  if (auto good = check_version(name, options.which, **record); !good) return std::move(good).error();
  if (!glimpse) return std::move(glimpse).error();
  if (*glimpse && (*glimpse)->gone && version_asked(options.which)) {
    return deleted(name, (*glimpse)->imprint.destroyed);
  }

  auto metadata = metadata_of(name, **record);
  if (!metadata) return std::move(metadata).error();
  SecretInfo info{.name = Name(name),
                  .deleted = (*record)->removed(),
                  .current = version_of((*record)->current),
                  .metadata = std::move(*metadata)};
  if (!*glimpse) return info;
  // Whether it can be read is Vault's to say, where it did: only it knows what time it is there.
  if ((*glimpse)->imprint.number == (*record)->current) info.deleted = (*glimpse)->gone;
  info.fields = std::move((*glimpse)->fields);
  return info;
}

Result<Page<SecretInfo>> VaultStore::do_list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  return Listing(kv_, options, [&] { return check(call); }).run(prefix, call);
}

// A page goes on below the last number that the one before told, whatever was put or dropped in between.
Result<Page<VersionInfo>> VaultStore::do_versions(NameView name, const ListOptions& options, const Call& call) {
  const auto below = options.page.empty() ? std::optional<std::uint64_t>(0) : number_of(Version(options.page));
  if (!below) return Error({.code = ErrorCode::InvalidArgument, .message = "the page is not one of this listing"});
  const auto record = kv_.record(name, call);
  if (!record) return record.error();
  const std::size_t limit = options.limit != 0 ? options.limit : default_page_size;
  Page<VersionInfo> page;
  for (const Edition& edition : record->editions) {
    if (*below != 0 && edition.number >= *below) continue;
    if (page.items.size() == limit) {
      page.next = page.items.back().version.text();
      break;
    }
    page.items.push_back({.version = version_of(edition.number),
                          .state = edition.state,
                          .current = edition.number == record->current,
                          .created = edition.created});
  }
  return page;
}

Result<Health> VaultStore::do_health(const Call& call) {
  return ask_health(kv_.client(), call);
}

}  // namespace locket::inline v1::vault
