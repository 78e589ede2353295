#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <locket/export.hpp>
#include <locket/store.hpp>

namespace locket::inline v1 {

/// A store that passes everything on to another one. Derive from it and override only what changes: a cache overrides
/// reads, a metric times them. It has the inner store's settings, so that one clock and one `enforce_expiry` hold for
/// the whole stack. Whoever must see every operation (an audit, a policy) derives from InterceptingStore, where none
/// can be forgotten.
/// Thread safety: as SecretStore.
class LOCKET_EXPORT ForwardingStore : public SecretStore {
 public:
  /// `inner` must not be null.
  explicit ForwardingStore(std::shared_ptr<SecretStore> inner);

 protected:
  SecretStore& inner() const noexcept { return *inner_; }

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
  Result<void> do_report_rejected(NameView name, const Version& version, const Call& call) override;
  Result<Health> do_health(const Call& call) override;
  const Capabilities& do_capabilities() const noexcept override;
  std::string do_describe() const override;

 private:
  std::shared_ptr<SecretStore> inner_;
};

}  // namespace locket::inline v1
