#include "late_store.hpp"

#include <mutex>
#include <new>
#include <optional>

namespace locket::cli {
namespace {

// Of a store that could not be opened: which version is wanted must not be refused before the operation has said why.
constexpr Capabilities unopened{.versions = true, .stages = true};

Capabilities without_writing(Capabilities able) {
  able.cas = Cas::None;
  able.put = able.idempotent_put = able.remove = able.undelete = able.purge = able.rollback = able.annotate = false;
  return able;
}

class LateStore final : public SecretStore {
 public:
  LateStore(OpenStore open, std::string description, StoreSettings settings)
      : SecretStore(std::move(settings)), open_(std::move(open)), description_(std::move(description)) {}

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    const auto& store = opened();
    return store ? (*store)->get(name, options, call) : store.error();
  }
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    const auto& store = opened();
    if (store) return (*store)->get_many(requests, call);
    return std::vector<Result<Secret>>(requests.size(), Result<Secret>(store.error()));
  }
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    const auto& store = opened();
    return store ? (*store)->stat(name, options, call) : store.error();
  }
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    const auto& store = opened();
    return store ? (*store)->list(prefix, options, call) : store.error();
  }
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    const auto& store = opened();
    return store ? (*store)->versions(name, options, call) : store.error();
  }
  Result<Health> do_health(const Call& call) override {
    const auto& store = opened();
    return store ? (*store)->health(call) : store.error();
  }

  const Capabilities& do_capabilities() const noexcept override {
    try {
      return opened() ? capabilities_ : unopened;
    } catch (const std::bad_alloc&) {
      return unopened;
    }
  }
  std::string do_describe() const override { return description_; }

 private:
  const Result<std::shared_ptr<SecretStore>>& opened() const {
    std::call_once(once_, [this] {
      store_ = open_();
      if (*store_) {
        capabilities_ = without_writing((**store_)->capabilities());
      } else if (store_->error().code() == ErrorCode::NotFound) {
        store_->error().details().code = ErrorCode::Unavailable;
      }
    });
    return *store_;
  }

  const OpenStore open_;
  const std::string description_;
  mutable std::once_flag once_;
  mutable std::optional<Result<std::shared_ptr<SecretStore>>> store_;
  mutable Capabilities capabilities_;
};

}  // namespace

std::shared_ptr<SecretStore> late_store(OpenStore open, std::string description, StoreSettings settings) {
  return std::make_shared<LateStore>(std::move(open), std::move(description), std::move(settings));
}

}  // namespace locket::cli
