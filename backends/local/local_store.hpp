#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <locket/store.hpp>

#include "opening.hpp"
#include "pool.hpp"
#include "transaction.hpp"

namespace locket::inline v1::local {

/// What a store that keeps so many versions of a secret can do.
Capabilities capabilities_with(std::uint32_t history);

/// The twins: what SecretStore promises, on one connection for the time of a call.
class LocalStore final : public SecretStore {
 public:
  LocalStore(StoreSettings settings, Opened opened, std::uint32_t history);
  ~LocalStore() override;
  LocalStore(const LocalStore&) = delete;
  LocalStore& operator=(const LocalStore&) = delete;

 private:
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

  /// What `use(connection, item, row)` returns for the secret, in a read transaction. NotFound.
  template <class Use>
  auto with_item(NameView name, const Call& call, Use use);
  /// What `change(transaction)` returns, in a write transaction that is committed when that is no error and `change`
  /// has written.
  template <class Change>
  auto write(const Call& call, Change change);
  /// The same for an item that must be there. NotFound.
  template <class Change>
  Result<void> change_item(NameView name, const Call& call, Change change);

  /// One write of a value: what it is about, as found.
  struct Write {
    Transaction& transaction;
    NameView name;
    const PutOptions& options;
    std::optional<Item> item;
    PutToken token;
  };
  static Result<Write> begin_write(Transaction& transaction, NameView name, const PutOptions& options,
                                   std::uint32_t source);
  Result<Version> append(Write& write, const SecretData& data);
  static Result<void> retire_current(Write& write, const Item& item);
  Result<void> limit_history(Transaction& transaction, Item& item) const;
  Clock::Wall now() const { return from_ms(to_ms(settings().clock->now())); }

  std::unique_ptr<Pool> pool_;
  Capabilities capabilities_;
  std::string description_;
};

}  // namespace locket::inline v1::local
