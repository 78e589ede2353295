#include "local_store.hpp"

#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "errors.hpp"
#include "files.hpp"
#include "versions.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::uint64_t max_value = std::uint64_t{16} * 1024 * 1024;

}  // namespace

Capabilities capabilities_with(std::uint32_t history) {
  return {.cas = Cas::Linearizable,
          .put = true,
          .idempotent_put = true,
          .remove = true,
          .soft_delete = true,
          .undelete = true,
          .purge = true,
          .versions = true,
          .rollback = true,
          .annotate = true,
          .expiry = true,
          .batch = true,
          .list = true,
          .list_metadata = true,
          .stat_without_value = true,
          .max_value = max_value,
          .max_versions = history,
          .max_tags = max_tags};
}

KeyProvider::~KeyProvider() = default;

LocalStore::LocalStore(StoreSettings settings, Opened opened, std::uint32_t history)
    : SecretStore(std::move(settings)),
      pool_(std::make_unique<Pool>(opened.shared, std::move(opened.session))),
      capabilities_(capabilities_with(history)),
      description_(fmt::format("local ({})", pool_->shared().path)) {}

LocalStore::~LocalStore() {
  // The connections are the parent's: closing them here would drop its locks on the file.
  if (forked()) std::ignore = pool_.release();
}

template <class Use>
auto LocalStore::with_item(NameView name, const Call& call, Use use) {
  using Answer = decltype(use(std::declval<Connection&>(), std::declval<const Item&>(), std::declval<const Row&>()));
  auto lease = pool_->lease(call);
  if (!lease) return Answer(std::move(lease).error());
  Connection& connection = (*lease)->connection;
  return connection.with_row(name, [&](const Row* row) -> Answer {
    if (row == nullptr) return no_secret(name.text());
    auto item = connection.open_item(name.text(), row->meta);
    if (!item) return std::move(item).error();
    return use(connection, *item, *row);
  });
}

namespace {

Result<Secret> secret_of(Connection& connection, NameView name, const Item& item, const Row& row, const Which& which) {
  auto entry = find_readable(name.text(), item, which);
  if (!entry) return std::move(entry).error();
  auto data = connection.open_value(name.text(), item, **entry, row.value);
  if (!data) return std::move(data).error();
  return Secret(std::move(*data), version_of((*entry)->number), item.metadata);
}

}  // namespace

Result<Secret> LocalStore::do_get(NameView name, const GetOptions& options, const Call& call) {
  return with_item(name, call, [&](Connection& connection, const Item& item, const Row& row) {
    return secret_of(connection, name, item, row, options.which);
  });
}

// All in one transaction: one look at the file, and one state of it.
std::vector<Result<Secret>> LocalStore::do_get_many(std::span<const GetRequest> requests, const Call& call) {
  using Secrets = std::vector<Result<Secret>>;
  auto lease = pool_->lease(call);
  if (!lease) return Secrets(requests.size(), lease.error());
  Session& session = **lease;
  const auto get = [&](const GetRequest& request) -> Result<Secret> {
    const std::string_view name = request.name.text();
    if (auto ready = check(call); !ready) return std::move(ready).error();
    auto bucket = session.connection.verify(name);
    if (!bucket) return std::move(bucket).error();
    Query query(session.connection.database(), session.statements.select_item);
    auto found = query.bind(1, name).step();
    if (!found) return std::move(found).error();
    if (!*found) {
      auto absent = session.connection.check_absent(*bucket, name);
      return absent ? no_secret(name) : std::move(absent).error();
    }
    const Row row{.meta = query.blob(0), .value = query.blob(1)};
    if (auto counted = session.connection.check_counted(*bucket, row.meta); !counted) return std::move(counted).error();
    auto item = session.connection.open_item(name, row.meta);
    if (!item) return std::move(item).error();
    return secret_of(session.connection, request.name, *item, row, request.options.which);
  };
  auto results = session.connection.read([&]() -> Result<Secrets> {
    Secrets secrets;
    secrets.reserve(requests.size());
    for (const GetRequest& request : requests) secrets.push_back(get(request));
    return secrets;
  });
  return results ? std::move(*results) : Secrets(requests.size(), results.error());
}

Result<SecretInfo> LocalStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  return with_item(name, call, [&](Connection&, const Item& item, const Row&) -> Result<SecretInfo> {
    // A removed secret is told as such; of one version the caller wants to know whether it can be read.
    const bool one = std::holds_alternative<Version>(options.which);
    auto entry = one ? find_readable(name.text(), item, options.which) : find_version(name.text(), item, options.which);
    if (!entry) return std::move(entry).error();
    return info_of(name, item, true);
  });
}

Result<Page<VersionInfo>> LocalStore::do_versions(NameView name, const ListOptions& options, const Call& call) {
  return with_item(name, call, [&](Connection&, const Item& item, const Row&) { return versions_of(item, options); });
}

Result<Page<SecretInfo>> LocalStore::do_list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  auto lease = pool_->lease(call);
  if (!lease) return std::move(lease).error();
  Session& session = **lease;
  Connection& connection = session.connection;
  const std::size_t limit = options.limit != 0 ? options.limit : default_page_size;
  const std::string& after = options.page.empty() ? prefix.text() : options.page;
  return connection.read([&]() -> Result<Page<SecretInfo>> {
    // That a name is not there can be told only when nothing is lost anywhere.
    if (auto verified = connection.verify_all(); !verified) return std::move(verified).error();
    Page<SecretInfo> page;
    Query query(connection.database(), session.select_from);
    query.bind(1, after);
    for (;;) {
      auto row = query.step();
      if (!row) return std::move(row).error();
      if (!*row || !query.text(0).starts_with(prefix.text())) return page;
      auto name = NameView::parse(query.text(0));
      if (!name) return integrity_error("a record's name");
      auto item = connection.open_item(name->text(), query.blob(1));
      if (!item) return std::move(item).error();
      if (is_removed(*item) && !options.deleted) continue;
      if (page.items.size() == limit) {
        page.next = page.items.back().name.text();
        return page;
      }
      page.items.push_back(info_of(*name, *item, options.metadata));
    }
  });
}

Result<Health> LocalStore::do_health(const Call& call) {
  auto lease = pool_->lease(call);
  if (!lease) return std::move(lease).error();
  Connection& connection = (*lease)->connection;
  if (connection.database().has_moved()) {
    return Health{.ready = false,
                  .state = "missing",
                  .detail = fmt::format("the file '{}' was moved, replaced or removed; open the store again",
                                        pool_->shared().path)};
  }
  return connection.read([&]() -> Result<Health> {
    return Health{.ready = true,
                  .state = "ok",
                  .detail = connection.database().is_read_only() ? "the file or its folder is read-only" : ""};
  });
}

namespace {

Result<std::shared_ptr<SecretStore>> open_existing(Options options) {
  auto opened = open_session(options);
  if (!opened) return std::move(opened).error();
  return std::make_shared<LocalStore>(std::move(options.settings), std::move(*opened), options.history);
}

// The store is there by now, whatever comes of opening it.
Result<std::shared_ptr<SecretStore>> open_new(Options options) {
  auto opened = open_existing(std::move(options));
  return opened ? std::move(opened) : with_effect(std::move(opened).error(), Effect::Applied);
}

}  // namespace

Result<std::shared_ptr<SecretStore>> open(Options options) {
  const int attempts = options.create_if_missing && !options.path.empty() ? 3 : 0;
  for (int i = 0; i < attempts; ++i) {
    auto status = look_at(options.path);
    if (!status) return std::move(status).error();
    if (*status) break;
    auto created = create_file(options);
    if (created) return open_new(std::move(options));
    if (created.error().reason() != "local.exists") return std::move(created).error();
    // Another process was first: with the store, which is as good, or as yet with the key, which the next attempt uses.
  }
  return open_existing(std::move(options));
}

Result<std::shared_ptr<SecretStore>> create(Options options) {
  if (auto created = create_file(options); !created) return std::move(created).error();
  return open_new(std::move(options));
}

}  // namespace locket::inline v1::local
