#include "config/lazy_store.hpp"

#include <atomic>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace locket::inline v1::config {
namespace {

// Of a store that could not be opened when it was asked: nothing is refused before the operation has said why.
constexpr Capabilities everything{.cas = Cas::Linearizable,
                                  .put = true,
                                  .idempotent_put = true,
                                  .remove = true,
                                  .soft_delete = true,
                                  .undelete = true,
                                  .purge = true,
                                  .versions = true,
                                  .stages = true,
                                  .rollback = true,
                                  .annotate = true,
                                  .expiry = true,
                                  .batch = true,
                                  .list = true,
                                  .list_metadata = true,
                                  .stat_without_value = true,
                                  .depends_on_actor = true};

// The store's own option decides about expiry; what wraps this store asks its settings.
StoreSettings settings_of(const ConfiguredStore& store, StoreSettings settings) {
  const auto url = StoreUrl::parse(store.url);
  if (!url) return settings;
  const auto enforce = url->boolean("enforce-expiry", settings.enforce_expiry);
  if (enforce) settings.enforce_expiry = *enforce;
  return settings;
}

class LazyStore final : public SecretStore {
 public:
  LazyStore(std::shared_ptr<const Registry> registry, std::string alias, ConfiguredStore store,
            const StoreSettings& settings)
      : SecretStore(settings_of(store, settings)),
        registry_(std::move(registry)),
        alias_(std::move(alias)),
        store_(std::move(store)) {}

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.get(name, options, call); });
  }
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    auto opened = inner();
    if (opened) return (*opened)->get_many(requests, call);
    return std::vector<Result<Secret>>(requests.size(), Result<Secret>(opened.error()));
  }
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.stat(name, options, call); });
  }
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.list(prefix, options, call); });
  }
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.versions(name, options, call); });
  }
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.put(name, data, options, call); });
  }
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override {
    return with([&](SecretStore& inner) { return inner.rollback(name, version, options, call); });
  }
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.annotate(name, patch, call); });
  }
  Result<void> do_remove(NameView name, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.remove(name, call); });
  }
  Result<void> do_undelete(NameView name, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.undelete(name, call); });
  }
  Result<void> do_purge(NameView name, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.purge(name, call); });
  }
  Result<void> do_report_rejected(NameView name, const Version& version, const Call& call) override {
    return with([&](SecretStore& inner) { return inner.report_rejected(name, version, call); });
  }
  Result<Health> do_health(const Call& call) override {
    return with([&](SecretStore& inner) { return inner.health(call); });
  }

  const Capabilities& do_capabilities() const noexcept override {
    const Capabilities* known = capabilities_.load(std::memory_order_acquire);
    if (known != nullptr) return *known;
    if (forked()) return everything;
    try {
      return ask_capabilities();
    } catch (const std::bad_alloc&) {
      return everything;
    }
  }

  std::string do_describe() const override {
    const SecretStore* opened = opened_.load(std::memory_order_acquire);
    return opened != nullptr ? opened->describe() : fmt::format("store '{}'", alias_);
  }

 private:
  auto with(auto operation) -> decltype(operation(std::declval<SecretStore&>())) {
    auto opened = inner();
    if (!opened) return std::move(opened).error();
    return operation(**opened);
  }

  // Those who come while it is being opened wait for it.
  Result<SecretStore*> inner() const {
    SecretStore* opened = opened_.load(std::memory_order_acquire);
    if (opened != nullptr) return opened;
    const std::lock_guard lock(mutex_);
    return open_locked();
  }

  // What failed a moment ago, for the capabilities that the same operation asked for, is not tried twice by it.
  Result<SecretStore*> open_locked() const {
    if (owner_) return owner_.get();
    if (failed_) return *std::exchange(failed_, std::nullopt);
    auto opened = registry_->open(store_.url, settings());
    if (!opened) return at_its_place(not_the_secret(std::move(opened).error()));
    owner_ = std::move(*opened);
    opened_.store(owner_.get(), std::memory_order_release);
    return owner_.get();
  }

  const Capabilities& ask_capabilities() const {
    const std::lock_guard lock(mutex_);
    const Capabilities* known = capabilities_.load(std::memory_order_acquire);
    if (known != nullptr) return *known;
    auto opened = open_locked();
    if (!opened) failed_ = opened.error();
    known = opened ? &(*opened)->capabilities() : &everything;
    capabilities_.store(known, std::memory_order_release);
    return *known;
  }

  // Of an operation NotFound says that the store knows the secret not to be there, and for that alone references have
  // defaults. A store whose folder or file is missing (not mounted yet) knows nothing.
  static Error not_the_secret(Error error) {
    if (error.code() != ErrorCode::NotFound) return error;
    error.details().retryable = error.retryable();
    error.details().code = ErrorCode::Unavailable;
    return error;
  }

  Error at_its_place(Error error) const {
    if (!error.place()) error.details().place = store_.place;
    return error;
  }

  const std::shared_ptr<const Registry> registry_;
  const std::string alias_;
  const ConfiguredStore store_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<SecretStore> owner_;
  mutable std::optional<Error> failed_;
  mutable std::atomic<SecretStore*> opened_ = nullptr;
  mutable std::atomic<const Capabilities*> capabilities_ = nullptr;
};

}  // namespace

std::shared_ptr<SecretStore> lazy_store(std::shared_ptr<const Registry> registry, std::string alias,
                                        ConfiguredStore store, const StoreSettings& settings) {
  return std::make_shared<LazyStore>(std::move(registry), std::move(alias), std::move(store), settings);
}

}  // namespace locket::inline v1::config
