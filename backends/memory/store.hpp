#pragma once

#include <memory>

#include <locket/backends/memory.hpp>

#include "table.hpp"

namespace locket::inline v1::memory {

/// The twins of SecretStore's operations: each finds the record, which knows the rules, and lets it act.
class MemoryStore final : public SecretStore {
 public:
  explicit MemoryStore(Options options);
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

 private:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override;
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
  std::string do_describe() const override { return "memory"; }

  Result<Record::Glance> glance(NameView name, const Which& which);
  Record::Write write(const PutOptions& options) const;

  const Capabilities capabilities_;
  std::unique_ptr<Table> table_;
};

}  // namespace locket::inline v1::memory
