#include "store.hpp"

namespace locket::inline v1::memory {
namespace {

constexpr std::size_t default_page_size = 100;

Capabilities abilities(const Options& options) {
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
          .list = true,
          .list_metadata = true,
          .stat_without_value = true,
          .max_value = options.max_value,
          .max_versions = options.max_versions};
}

// Called without a lock: the fields of a large value take a while to parse the first time. Those of a removed secret
// are part of the value, which nobody may read now.
SecretInfo everything(NameView name, const Record::Glance& seen) {
  SecretInfo info{
      .name = Name(name), .deleted = seen.removed, .current = seen.current, .metadata = seen.secret.metadata()};
  if (seen.removed || seen.secret.kind() != SecretData::Kind::Fields) return info;
  if (auto fields = seen.secret.field_names()) info.fields = std::move(*fields);
  return info;
}

Result<std::shared_ptr<SecretStore>> not_a_place() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "url.invalid",
                .message = "a 'memory:' URL names no place",
                .hint = "write memory: alone"});
}

}  // namespace

MemoryStore::MemoryStore(Options options)
    : SecretStore(std::move(options.settings)), capabilities_(abilities(options)), table_(std::make_unique<Table>()) {}

// In a forked child the table stays as the fork found it, maybe with another thread in the midst of a change.
MemoryStore::~MemoryStore() {
  if (!forked()) return;
  [[maybe_unused]] const Table* abandoned = table_.release();
}

// The moment is asked for, and data are copied, before the lock is taken.
Record::Write MemoryStore::write(const PutOptions& options) const {
  return {.options = options, .now = settings().clock->now(), .keep = capabilities_.max_versions};
}

Result<Secret> MemoryStore::do_get(NameView name, const GetOptions& options, const Call&) {
  return table_->with(name, [&](Record& record) { return record.get(name, options.which); });
}

Result<Record::Glance> MemoryStore::glance(NameView name, const Which& which) {
  return table_->with(name, [&](Record& record) { return record.glance(name, which); });
}

Result<SecretInfo> MemoryStore::do_stat(NameView name, const GetOptions& options, const Call&) {
  auto seen = glance(name, options.which);
  if (!seen) return std::move(seen).error();
  return everything(name, *seen);
}

// The cursor is the last name that was looked at. A page is short, or empty, when some of its names are left out.
Result<Page<SecretInfo>> MemoryStore::do_list(const Prefix& prefix, const ListOptions& options, const Call&) {
  const std::size_t limit = options.limit != 0 ? options.limit : default_page_size;
  std::vector<Name> names = table_->names(prefix, options.page, limit + 1);
  Page<SecretInfo> page;
  if (names.size() > limit) {
    names.pop_back();
    page.next = names.back().text();
  }
  for (const Name& name : names) {
    const auto seen = glance(name, Current{});
    if (!seen) continue;  // Purged since the names were read.
    if (seen->removed && !options.deleted) continue;
    page.items.push_back(options.metadata ? everything(name, *seen)
                                          : SecretInfo{.name = name, .deleted = seen->removed});
  }
  return page;
}

Result<Page<VersionInfo>> MemoryStore::do_versions(NameView name, const ListOptions& options, const Call&) {
  return table_->with(name, [&](Record& record) { return record.versions(options); });
}

Result<Version> MemoryStore::do_put(NameView name, const SecretData& data, const PutOptions& options, const Call&) {
  SecretData copy = data.clone();
  const Record::Write how = write(options);
  return table_->with_new(name, [&](Record& record) { return record.put(name, std::move(copy), how); });
}

Result<Version> MemoryStore::do_rollback(NameView name, const Version& version, const PutOptions& options,
                                         const Call&) {
  const Record::Write how = write(options);
  return table_->with(name, [&](Record& record) { return record.rollback(name, version, how); });
}

Result<void> MemoryStore::do_annotate(NameView name, const MetadataPatch& patch, const Call&) {
  const Clock::Wall now = settings().clock->now();
  return table_->with(name, [&](Record& record) { return record.annotate(name, patch, now); });
}

Result<void> MemoryStore::do_remove(NameView name, const Call&) {
  return table_->with(name, [](Record& record) { return record.remove(), Result<void>(); });
}

Result<void> MemoryStore::do_undelete(NameView name, const Call&) {
  return table_->with(name, [](Record& record) { return record.undelete(), Result<void>(); });
}

Result<void> MemoryStore::do_purge(NameView name, const Call&) {
  return table_->erase(name);
}

// What is in memory can always be served.
Result<Health> MemoryStore::do_health(const Call&) {
  return Health{.ready = true, .state = "ok"};
}

Result<std::shared_ptr<SecretStore>> open(Options options) {
  return std::make_shared<MemoryStore>(std::move(options));
}

void add_schemes(Registry& registry) {
  registry.add(
      {.name = "memory", .capabilities = abilities({}), .open = [](const StoreUrl& url, const StoreSettings& settings) {
         return url.host().empty() && url.path().empty() ? open({.settings = settings}) : not_a_place();
       }});
}

}  // namespace locket::inline v1::memory
