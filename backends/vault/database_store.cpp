#include "database_store.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "environment.hpp"
#include "failure.hpp"
#include "health.hpp"
#include "kv_paths.hpp"
#include "lease_requests.hpp"
#include "session.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr std::size_t default_page_size = 250;
constexpr std::chrono::seconds longest_farewell(2);

std::string describe(const DatabaseOptions& options) {
  const bool dynamic = options.roles == DatabaseRoles::Dynamic;
  std::string text = fmt::format("vault {}/{}, {} database roles", options.server.address, options.mount,
                                 dynamic ? "dynamic" : "static");
  const std::string name_space = options.server.name_space.value_or("");
  if (!name_space.empty()) text += fmt::format(", namespace {}", name_space);
  return text;
}

Result<void> check_options(const DatabaseOptions& options) {
  if (auto good = check_without_kv(options.server); !good) return good;
  if (auto good = check_wait(options.server.wait_ready); !good) return good;
  if (!options.revoke_at_close || options.roles == DatabaseRoles::Dynamic) return {};
  return invalid_option("static roles have no leases to revoke", "leave revoke-at-close out");
}

}  // namespace

Capabilities database_abilities(DatabaseRoles kind) {
  // Looking at a static role's password changes nothing, and needs no right that reading it does not.
  return {.expiry = true, .list = true, .stat_without_value = kind == DatabaseRoles::Dynamic};
}

DatabaseStore::DatabaseStore(const DatabaseOptions& options, std::shared_ptr<Client> client, std::string description)
    : SecretStore(options.server.settings),
      capabilities_(database_abilities(options.roles)),
      kind_(options.roles),
      revoke_at_close_(options.revoke_at_close),
      description_(std::move(description)),
      engine_(std::move(client), options.mount, options.roles, settings().clock),
      roles_(std::make_unique<Roles>()) {}

DatabaseStore::~DatabaseStore() {
  if (forked()) {
    // Threads of the parent may have been waiting in there.
    std::ignore = roles_.release();
    return;
  }
  if (revoke_at_close_) revoke_all();
}

// Nobody is left to tell that it failed: what was lent ends by itself.
void DatabaseStore::revoke_all() noexcept {
  try {
    std::vector<SecretBuffer> bodies;
    for (const auto& [name, credentials] : roles_->all) {
      const SharedHeld held = credentials->current();
      auto body = held ? revocation_body(held->lease, false) : Result<SecretBuffer>(SecretBuffer());
      if (held && body) bodies.push_back(std::move(*body));
    }
    if (bodies.empty()) return;
    std::vector<Ask> asks;
    asks.reserve(bodies.size());
    for (const SecretBuffer& body : bodies) asks.push_back(revocation(body.view()));
    std::ignore = engine_.client().send_many(asks, {.deadline = settings().clock->steady() + longest_farewell});
  } catch (const std::bad_alloc&) {
    return;
  }
}

DatabaseStore::SharedCredentials DatabaseStore::find(NameView name) const {
  const std::lock_guard lock(roles_->mutex);
  const auto found = roles_->all.find(name.text());
  return found == roles_->all.end() ? nullptr : found->second;
}

DatabaseStore::SharedCredentials DatabaseStore::find_or_make(NameView name) {
  const std::lock_guard lock(roles_->mutex);
  SharedCredentials& credentials = roles_->all[std::string(name.text())];
  if (!credentials) {
    const auto tell = [this](Event::Kind kind, NameView role, const Error* error) { notify(kind, role.text(), error); };
    credentials = std::make_shared<HeldCredentials>(
        Name(name), HeldCredentials::World{.engine = engine_, .clock = *settings().clock, .notify = tell});
  }
  return credentials;
}

// Names that somebody only tries are not kept: the last one who asks for such a name takes it away, so that nobody goes
// on with credentials that others do not find.
void DatabaseStore::forget(NameView name, SharedCredentials credentials, bool gone) {
  const std::lock_guard lock(roles_->mutex);
  const auto found = roles_->all.find(name.text());
  if (found == roles_->all.end() || found->second != credentials) return;
  credentials.reset();
  const bool nobodys = found->second.use_count() == 1 && found->second->is_empty();
  if (gone || nobodys) roles_->all.erase(found);
}

std::size_t DatabaseStore::remembered() const {
  const std::lock_guard lock(roles_->mutex);
  return roles_->all.size();
}

Result<Secret> DatabaseStore::do_get(NameView name, const GetOptions&, const Call& call) {
  SharedCredentials credentials = find_or_make(name);
  auto secret = credentials->get(call);
  if (!secret) forget(name, std::move(credentials), secret.error().code() == ErrorCode::NotFound);
  return secret;
}

Result<SecretInfo> DatabaseStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  if (kind_ == DatabaseRoles::Static) return SecretStore::do_stat(name, options, call);
  const SharedCredentials credentials = find(name);
  const SharedHeld held = credentials ? credentials->current() : SharedHeld();
  if (!held) return engine_.look_at(name, call);
  auto fields = held->secret.field_names();
  if (!fields) return std::move(fields).error();
  return SecretInfo{.name = Name(name), .metadata = held->secret.metadata(), .fields = std::move(*fields)};
}

// A role is one segment: below a prefix there is nothing.
Result<Page<SecretInfo>> DatabaseStore::do_list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  Page<SecretInfo> page;
  if (!prefix.text().empty()) return page;
  auto roles = engine_.list(call);
  if (!roles) return std::move(roles).error();
  std::ranges::sort(*roles);
  const std::size_t limit = options.limit != 0 ? options.limit : default_page_size;
  std::size_t told = 0;
  for (auto role = std::ranges::upper_bound(*roles, options.page); role != roles->end(); ++role, ++told) {
    if (told == limit) {
      page.next = *(role - 1);
      break;
    }
    if (const auto name = NameView::parse(*role)) {
      page.items.push_back({.name = Name(*name)});
    } else {
      page.unaddressable.push_back(printable(*role));
    }
  }
  return page;
}

Result<void> DatabaseStore::do_report_rejected(NameView name, const Version&, const Call&) {
  if (const SharedCredentials credentials = find(name)) credentials->reject();
  return {};
}

Result<Health> DatabaseStore::do_health(const Call& call) {
  return ask_health(engine_.client(), call);
}

Result<std::shared_ptr<SecretStore>> open_database(DatabaseOptions options) {
  if (auto good = check_options(options); !good) return std::move(good).error();
  const auto paths = Paths::make(options.mount, {});
  if (!paths) return paths.error();
  options.mount = paths->mount();
  auto whole = complete(std::move(options.server));
  if (!whole) return std::move(whole).error();
  options.server = std::move(*whole);
  std::string description = describe(options);
  auto client = Client::make(options.server, description);
  if (!client) return std::move(client).error();
  auto store = std::make_shared<DatabaseStore>(options, std::move(*client), std::move(description));
  if (options.server.wait_ready.count() > 0) {
    if (auto ready = await_ready(*store, options.server.wait_ready); !ready) return std::move(ready).error();
  }
  return store;
}

}  // namespace locket::inline v1::vault
