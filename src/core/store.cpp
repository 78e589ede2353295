#include <locket/store.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "checks.hpp"
#include "fork.hpp"
#include "page_token.hpp"

namespace locket::inline v1 {
namespace {

Error forked_error() {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "store.forked",
                .message = "the store was opened by another process, of which this one is a fork",
                .hint = "open the store again after the fork",
                .retryable = false});
}

// What was asked for twice is fetched once. Most batches repeat nothing: those are passed on as they are.
class Distinct {
 public:
  explicit Distinct(std::span<const GetRequest> requests) : requests_(requests) {
    places_.reserve(requests.size());
    std::vector<std::size_t> firsts;
    firsts.reserve(requests.size());
    // By the names' hashes, without an allocation for each.
    std::vector<std::size_t> table(std::bit_ceil(2 * requests.size() + 1), none);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      std::size_t& seen = find(table, firsts, requests[i]);
      if (seen == none) {
        seen = firsts.size();
        firsts.push_back(i);
      }
      places_.push_back(seen);
    }
    if (firsts.size() == requests.size()) return;
    for (const std::size_t first : firsts) unique_.push_back(requests[first]);
  }

  std::span<const GetRequest> requests() const { return unique_.empty() ? requests_ : unique_; }
  /// The answer to the i-th request, which is asked for once.
  Result<Secret> answer(std::vector<Result<Secret>>& fetched, std::size_t i) const {
    if (unique_.empty()) return std::move(fetched[i]);
    return fetched[places_[i]];
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  std::size_t& find(std::vector<std::size_t>& table, const std::vector<std::size_t>& firsts,
                    const GetRequest& request) const {
    std::size_t slot = request.name.hash() & (table.size() - 1);
    while (table[slot] != none && requests_[firsts[table[slot]]] != request) slot = (slot + 1) & (table.size() - 1);
    return table[slot];
  }

  std::span<const GetRequest> requests_;
  std::vector<GetRequest> unique_;
  std::vector<std::size_t> places_;
};

// The twin of a store that says it can, and does not: its author forgot one.
Error unimplemented(std::string_view operation) {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "store.not_supported",
                .message = fmt::format("this store does not implement {}", operation)});
}

Error miscounted() {
  return Error({.code = ErrorCode::Internal,
                .reason = "store.batch",
                .message = "the store answered another number of secrets than it was asked for"});
}

std::string page_scope(std::string_view operation, std::string_view subject, const ListOptions& options) {
  return fmt::format("{} {} {}{}", operation, subject, options.metadata ? 'm' : '-', options.deleted ? 'd' : '-');
}

}  // namespace

SecretStore::SecretStore(StoreSettings settings) : settings_(std::move(settings)), epoch_(process_epoch()) {
  if (!settings_.clock) settings_.clock = system_clock();
}
SecretStore::~SecretStore() = default;

bool SecretStore::forked() const noexcept {
  return process_epoch() != epoch_;
}

Result<void> SecretStore::check(const Call& call) const {
  if (call.stop.stop_requested()) {
    return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
  }
  if (call.deadline && settings_.clock->steady() >= *call.deadline) {
    return Error({.code = ErrorCode::Timeout,
                  .reason = "call.deadline",
                  .message = "the call's deadline has passed",
                  .hint = "allow more time, or look at the store's health"});
  }
  return {};
}

void SecretStore::notify(Event::Kind kind, std::string_view name, const Error* error) const noexcept {
  if (!settings_.observer) return;
  std::string store;
  try {
    store = describe();
  } catch (const std::bad_alloc&) {
    // An event without its store is better than no process.
    store.clear();
  }
  settings_.observer->on_event({.kind = kind, .store = store, .name = name, .error = error});
}

Result<void> SecretStore::admit(std::string_view name, const Call& call) const {
  if (forked()) return forked_error();
  if (auto ready = check(call); !ready) return ready;
  return check_name_size(name, capabilities());
}

Error SecretStore::explain(Error error, std::string_view operation, std::string_view name) const {
  ErrorDetails& details = error.details();
  if (details.backend.empty()) details.backend = describe();
  if (details.operation.empty()) details.operation = operation;
  if (details.name.empty()) details.name = name;
  return error;
}

// Every public method goes through here: it is admitted, runs, and its error is completed.
template <class Operation>
auto SecretStore::guarded(std::string_view operation, std::string_view name, const Call& call, Operation run)
    -> decltype(run()) {
  if (auto admitted = admit(name, call); !admitted) return explain(std::move(admitted).error(), operation, name);
  auto result = run();
  if (!result) return explain(std::move(result).error(), operation, name);
  return result;
}

Result<Secret> SecretStore::enforce_expiry(NameView name, Result<Secret> secret) const {
  if (!secret) return secret;
  const auto& expires = secret->metadata().expires;
  if (!expires || settings_.clock->now() < *expires) return secret;
  Error expired({.code = ErrorCode::Expired,
                 .reason = "secret.expired",
                 .message = fmt::format("the secret '{}' has expired", name.text()),
                 .hint = "put a new value with a later expiry, or move the expiry with annotate"});
  if (settings_.enforce_expiry) return expired;
  notify(Event::Kind::ExpiredServed, name.text(), &expired);
  return secret;
}

Result<Secret> SecretStore::get(NameView name, const GetOptions& options, const Call& call) {
  return guarded("get", name.text(), call, [&]() -> Result<Secret> {
    if (auto good = check_which(options.which, capabilities()); !good) return std::move(good).error();
    return enforce_expiry(name, do_get(name, options, call));
  });
}

std::vector<Result<Secret>> SecretStore::get_many(std::span<const GetRequest> requests, const Call& call) {
  std::vector<Result<void>> checked;
  checked.reserve(requests.size());
  for (const GetRequest& request : requests) {
    checked.push_back(admit(request.name.text(), call));
    if (checked.back()) checked.back() = check_which(request.options.which, capabilities());
  }
  std::vector<GetRequest> good;
  const bool all_good = std::ranges::all_of(checked, [](const auto& each) { return each.ok(); });
  for (std::size_t i = 0; !all_good && i < requests.size(); ++i) {
    if (checked[i]) good.push_back(requests[i]);
  }
  const Distinct distinct(all_good ? requests : good);
  std::vector<Result<Secret>> fetched;
  if (!distinct.requests().empty()) fetched = do_get_many(distinct.requests(), call);
  if (fetched.size() != distinct.requests().size()) fetched.assign(distinct.requests().size(), miscounted());

  std::vector<Result<Secret>> results;
  results.reserve(requests.size());
  for (std::size_t i = 0, next = 0; i < requests.size(); ++i) {
    const NameView name = requests[i].name;
    Result<Secret> result = checked[i] ? enforce_expiry(name, distinct.answer(fetched, next++))
                                       : Result<Secret>(std::move(checked[i]).error());
    if (!result) result = explain(std::move(result).error(), "get", name.text());
    results.push_back(std::move(result));
  }
  return results;
}

Result<SecretInfo> SecretStore::stat(NameView name, const GetOptions& options, const Call& call) {
  return guarded("stat", name.text(), call, [&]() -> Result<SecretInfo> {
    if (auto good = check_which(options.which, capabilities()); !good) return std::move(good).error();
    return do_stat(name, options, call);
  });
}

Result<Page<SecretInfo>> SecretStore::list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  return guarded("list", "", call, [&]() -> Result<Page<SecretInfo>> {
    if (auto good = check_list(options, capabilities()); !good) return std::move(good).error();
    const PageToken token(page_scope("list", prefix.text(), options));
    return token.with_cursor(options, [&](const ListOptions& inner) { return do_list(prefix, inner, call); });
  });
}

Result<Page<VersionInfo>> SecretStore::versions(NameView name, const ListOptions& options, const Call& call) {
  return guarded("versions", name.text(), call, [&]() -> Result<Page<VersionInfo>> {
    if (auto good = check_versions(options, capabilities()); !good) return std::move(good).error();
    const PageToken token(page_scope("versions", name.text(), options));
    return token.with_cursor(options, [&](const ListOptions& inner) { return do_versions(name, inner, call); });
  });
}

Result<Version> SecretStore::put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) {
  return guarded("put", name.text(), call, [&]() -> Result<Version> {
    if (auto good = check_put(data, options, capabilities()); !good) return std::move(good).error();
    return do_put(name, data, options, call);
  });
}

Result<Version> SecretStore::rollback(NameView name, const Version& version, const PutOptions& options,
                                      const Call& call) {
  return guarded("rollback", name.text(), call, [&]() -> Result<Version> {
    if (auto good = check_rollback(version, options, capabilities()); !good) return std::move(good).error();
    return do_rollback(name, version, options, call);
  });
}

Result<void> SecretStore::annotate(NameView name, const MetadataPatch& patch, const Call& call) {
  return guarded("annotate", name.text(), call, [&]() -> Result<void> {
    if (auto good = check_patch(patch, capabilities()); !good) return good;
    return do_annotate(name, patch, call);
  });
}

Result<void> SecretStore::remove(NameView name, const Call& call) {
  return guarded("remove", name.text(), call, [&]() -> Result<void> {
    if (!capabilities().remove) return not_supported("remove secrets");
    return do_remove(name, call);
  });
}

Result<void> SecretStore::undelete(NameView name, const Call& call) {
  return guarded("undelete", name.text(), call, [&]() -> Result<void> {
    if (!capabilities().undelete) return not_supported("bring removed secrets back");
    return do_undelete(name, call);
  });
}

Result<void> SecretStore::purge(NameView name, const Call& call) {
  return guarded("purge", name.text(), call, [&]() -> Result<void> {
    if (!capabilities().purge) return not_supported("purge secrets");
    return do_purge(name, call);
  });
}

Result<void> SecretStore::report_rejected(NameView name, const Version& version, const Call& call) {
  return guarded("report_rejected", name.text(), call, [&] { return do_report_rejected(name, version, call); });
}

Result<Health> SecretStore::health(const Call& call) {
  return guarded("health", "", call, [&] { return do_health(call); });
}

const Capabilities& SecretStore::capabilities() const noexcept {
  return do_capabilities();
}
std::string SecretStore::describe() const {
  return do_describe();
}

std::vector<Result<Secret>> SecretStore::do_get_many(std::span<const GetRequest> requests, const Call& call) {
  std::vector<Result<Secret>> results;
  results.reserve(requests.size());
  for (const GetRequest& request : requests) {
    auto ready = check(call);
    results.push_back(ready ? do_get(request.name, request.options, call) : Result<Secret>(std::move(ready).error()));
  }
  return results;
}

Result<SecretInfo> SecretStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  auto secret = do_get(name, options, call);
  if (!secret) {
    if (secret.error().code() != ErrorCode::Deleted || options.which != Which(Current{})) return secret.error();
    return SecretInfo{.name = Name(name), .deleted = true};
  }
  SecretInfo info{.name = Name(name), .current = secret->version(), .metadata = secret->metadata()};
  if (secret->kind() == SecretData::Kind::Fields) {
    if (auto names = secret->field_names()) info.fields = std::move(*names);
  }
  return info;
}

Result<Page<VersionInfo>> SecretStore::do_versions(NameView, const ListOptions&, const Call&) {
  return unimplemented("versions");
}
Result<Version> SecretStore::do_put(NameView, const SecretData&, const PutOptions&, const Call&) {
  return unimplemented("put");
}
Result<Version> SecretStore::do_rollback(NameView, const Version&, const PutOptions&, const Call&) {
  return unimplemented("rollback");
}
Result<void> SecretStore::do_annotate(NameView, const MetadataPatch&, const Call&) {
  return unimplemented("annotate");
}
Result<void> SecretStore::do_remove(NameView, const Call&) {
  return unimplemented("remove");
}
Result<void> SecretStore::do_undelete(NameView, const Call&) {
  return unimplemented("undelete");
}
Result<void> SecretStore::do_purge(NameView, const Call&) {
  return unimplemented("purge");
}
Result<void> SecretStore::do_report_rejected(NameView, const Version&, const Call&) {
  return {};
}

}  // namespace locket::inline v1
