#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "errors.hpp"
#include "local_store.hpp"
#include "versions.hpp"

namespace locket::inline v1::local {
namespace {

using VersionState = VersionEntry::State;

// In constant time: whoever may put but not read must not learn the value by guessing it with a known key.
bool same(const SecretData& a, const SecretData& b) {
  return a.kind() == b.kind() && a.encoded() == b.encoded();
}

std::optional<std::vector<std::string>> field_names(const SecretData& data) {
  if (data.kind() != SecretData::Kind::Fields) return {};
  auto names = Secret(data.clone()).field_names();
  if (!names) return {};
  return std::move(*names);
}

bool repeats(const std::optional<Item>& item, const PutToken& token) {
  return item && token.mac != PutToken().mac && item->put_token.mac == token.mac;
}

Error no_more_versions(std::string_view name) {
  return Error({.code = ErrorCode::LimitExceeded,
                .message = fmt::format("the secret '{}' has had all the versions that there can be", name),
                .hint = "purge it, and put it anew"});
}

// What a change of an item comes to.
enum class Outcome { Unchanged, Changed };

}  // namespace

template <class Change>
auto LocalStore::write(const Call& call, Change change) {
  using Answer = decltype(change(std::declval<Transaction&>()));
  auto turn = pool_->turn(call);
  if (!turn) return Answer(std::move(turn).error());
  auto lease = pool_->lease(call);
  if (!lease) return Answer(std::move(lease).error());
  Transaction transaction((*lease)->connection, (*lease)->statements);
  if (auto begun = transaction.begin(); !begun) return Answer(std::move(begun).error());
  Answer answer = change(transaction);
  if (!answer || !transaction.wrote()) return answer;
  if (auto done = transaction.commit(); !done) return Answer(std::move(done).error());
  return answer;
}

template <class Change>
Result<void> LocalStore::change_item(NameView name, const Call& call, Change change) {
  return write(call, [&](Transaction& transaction) -> Result<void> {
    auto item = transaction.item(name);
    if (!item) return std::move(item).error();
    if (!*item) return no_secret(name.text());
    Result<Outcome> outcome = change(**item);
    if (!outcome) return std::move(outcome).error();
    return *outcome == Outcome::Changed ? transaction.save(**item, {}) : Result<void>();
  });
}

Result<LocalStore::Write> LocalStore::begin_write(Transaction& transaction, NameView name, const PutOptions& options,
                                                  std::uint32_t source) {
  auto item = transaction.item(name);
  if (!item) return std::move(item).error();
  PutToken token{.source = source};
  if (!options.idempotency_key.empty()) {
    auto mac = transaction.connection().set().put_token(name.text(), options.idempotency_key);
    if (!mac) return std::move(mac).error();
    token.mac = *mac;
  }
  return Write{.transaction = transaction, .name = name, .options = options, .item = std::move(*item), .token = token};
}

Result<Version> LocalStore::do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) {
  return write(call, [&](Transaction& transaction) -> Result<Version> {
    auto write = begin_write(transaction, name, options, 0);
    if (!write) return std::move(write).error();
    return append(*write, data);
  });
}

Result<Version> LocalStore::do_rollback(NameView name, const Version& version, const PutOptions& options,
                                        const Call& call) {
  return write(call, [&](Transaction& transaction) -> Result<Version> {
    auto write = begin_write(transaction, name, options, number_of(version));
    if (!write) return std::move(write).error();
    const auto& item = write->item;
    if (!item) return no_secret(name.text());
    // Before looking for the version, which the history may have dropped for the one that this call made.
    if (repeats(item, write->token) && item->put_token.source == write->token.source && write->token.source != 0) {
      return version_of(item->current);
    }
    auto entry = find_readable(name.text(), *item, version);
    if (!entry) return std::move(entry).error();
    auto data = transaction.value(*item, **entry);
    if (!data) return std::move(data).error();
    return append(*write, *data);
  });
}

// A repeated put is recognized before anything is refused, since it may be why.
Result<Version> LocalStore::append(Write& write, const SecretData& data) {
  const std::string_view name = write.name.text();
  if (repeats(write.item, write.token)) {
    auto entry = find_version(name, *write.item, Current{});
    if (!entry) return std::move(entry).error();
    auto current = write.transaction.value(*write.item, **entry);
    if (!current) return std::move(current).error();
    if (same(*current, data)) return version_of(write.item->current);
    return conflict("put.key_reused", fmt::format("the idempotency key was used for other data of '{}'", name),
                    "make a new key for each put that is no repetition");
  }
  if (auto met = check_condition(name, write.item, write.options.condition); !met) return std::move(met).error();

  Item item = write.item.value_or(Item());
  if (item.last_version == std::numeric_limits<std::uint32_t>::max()) return no_more_versions(name);
  if (auto retired = retire_current(write, item); !retired) return std::move(retired).error();
  if (write.options.metadata) item.metadata = apply(std::move(item.metadata), *write.options.metadata);
  if (auto good = check_tags(item.metadata); !good) return std::move(good).error();
  const Clock::Wall moment = now();
  if (!write.item) item.metadata.created = moment;
  item.metadata.updated = moment;
  item.current = ++item.last_version;
  item.put_token = write.token;
  item.fields = field_names(data);
  auto box = write.transaction.seal_value(data, item.current);
  if (!box) return std::move(box).error();
  item.versions.push_back({.number = item.current,
                           .created_ms = to_ms(moment),
                           .state = VersionState::Live,
                           .value_tag = tag_of(bytes_of(*box))});
  if (auto limited = limit_history(write.transaction, item); !limited) return std::move(limited).error();
  if (auto saved = write.transaction.save(item, bytes_of(*box)); !saved) return std::move(saved).error();
  return version_of(item.current);
}

// What was current goes to the old ones; what a `remove` took away stays deleted until an `undelete`.
Result<void> LocalStore::retire_current(Write& write, const Item& item) {
  if (!write.item || current_of(item).state == VersionState::Destroyed) return {};
  return write.transaction.keep_old(item.current);
}

Result<void> LocalStore::limit_history(Transaction& transaction, Item& item) const {
  while (item.versions.size() > capabilities_.max_versions) {
    if (item.versions.front().state != VersionState::Destroyed) {
      if (auto dropped = transaction.drop_old(item.versions.front().number); !dropped) return dropped;
    }
    item.versions.erase(item.versions.begin());
  }
  return {};
}

Result<void> LocalStore::do_annotate(NameView name, const MetadataPatch& patch, const Call& call) {
  return change_item(name, call, [&](Item& item) -> Result<Outcome> {
    if (auto readable = find_readable(name.text(), item, Current{}); !readable) return std::move(readable).error();
    Metadata changed = apply(item.metadata, patch);
    if (auto good = check_tags(changed); !good) return std::move(good).error();
    if (changed == item.metadata) return Outcome::Unchanged;
    changed.updated = now();
    item.metadata = std::move(changed);
    return Outcome::Changed;
  });
}

Result<void> LocalStore::do_remove(NameView name, const Call& call) {
  return change_item(name, call, [&](Item& item) -> Result<Outcome> {
    if (is_removed(item)) return Outcome::Unchanged;
    set_removed(item, true);
    return Outcome::Changed;
  });
}

Result<void> LocalStore::do_undelete(NameView name, const Call& call) {
  return change_item(name, call, [&](Item& item) -> Result<Outcome> {
    const bool any = std::ranges::count(item.versions, VersionState::Deleted, &VersionEntry::state) != 0;
    set_removed(item, false);
    return any ? Outcome::Changed : Outcome::Unchanged;
  });
}

Result<void> LocalStore::do_purge(NameView name, const Call& call) {
  return write(call, [&](Transaction& transaction) -> Result<void> {
    auto item = transaction.item(name);
    if (!item) return std::move(item).error();
    if (!*item) return no_secret(name.text());
    return transaction.erase();
  });
}

}  // namespace locket::inline v1::local
