#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/backends/vault.hpp>
#include <locket/store.hpp>

#include "kv.hpp"

namespace locket::inline v1::vault {

/// What a store over Vault can do.
Capabilities abilities(std::uint64_t max_versions);

/// The store over a KV engine.
class VaultStore final : public SecretStore {
 public:
  VaultStore(const Options& options, std::shared_ptr<Client> client, Paths paths, std::string description);
  ~VaultStore() override;
  VaultStore(const VaultStore&) = delete;
  VaultStore& operator=(const VaultStore&) = delete;

 private:
  /// The condition of a write as Vault understands it. None: there is no condition.
  using CheckAndSet = std::optional<std::uint64_t>;

  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override;
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override;
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override;
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override;
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override;
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override;
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override;
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override;
  Result<void> do_remove(NameView name, const Call& call) override;
  Result<void> do_undelete(NameView name, const Call& call) override;
  Result<void> do_purge(NameView name, const Call& call) override;
  Result<Health> do_health(const Call& call) override;
  const Capabilities& do_capabilities() const noexcept override { return capabilities_; }
  std::string do_describe() const override { return description_; }

  /// Writes `object`, and then the metadata that come with it.
  Result<Version> write(NameView name, std::string_view object, const PutOptions& options, const Call& call);
  Result<Version> write_value(NameView name, std::string_view object, const Condition& condition, const Call& call);
  Result<Answer> post_value(NameView name, std::string_view object, CheckAndSet cas, const Call& call);
  Result<Answer> post_without_condition(NameView name, std::string_view object, const Call& call);
  Result<SecretBuffer> object_to_restore(NameView name, const Version& version, const Call& call);

  /// Changes the metadata of what `record` says; reads it again when somebody else changed them meanwhile.
  Result<void> change(NameView name, const MetadataPatch& patch, Record record, const Call& call);
  Result<Answer> send_changes(NameView name, const Record& record, const CustomChanges& changes,
                              std::optional<std::int64_t> metadata_cas, const Call& call);
  Result<Answer> replace_metadata(NameView name, const Record& record, const CustomChanges& changes,
                                  std::optional<std::int64_t> metadata_cas, const Call& call);
  const Capabilities capabilities_;
  const std::string description_;
  Kv kv_;
  /// Vault before 1.10 knows no PATCH of metadata.
  std::atomic<bool> patches_ = true;
};

}  // namespace locket::inline v1::vault
