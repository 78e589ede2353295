#include <atomic>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "clause_cases.hpp"
#include "local_fixture.hpp"

namespace {

using namespace locket;
using conformance::ClauseCases;
using conformance::LocalFixture;
using conformance::TemporaryFolder;
using testing::Fixture;

local::KeySource key_file(const TemporaryFolder& folder) {
  return local::KeyFile{.path = folder.file("key")};
}

local::KeySource passphrase(const TemporaryFolder&) {
  return local::Passphrase{.text = SecretValue("correct horse"),
                           .cost = {.memory_kib = 19456, .passes = 2, .lanes = 1}};
}

/// Two stores on one file, as two processes have them: every call goes to the one that the call before did not, so
/// that nothing that one of them has kept may be wrong for what the other did.
class AlternatingStore final : public ForwardingStore {
 public:
  AlternatingStore(std::shared_ptr<SecretStore> first, std::shared_ptr<SecretStore> second)
      : ForwardingStore(std::move(first)), second_(std::move(second)) {}

 private:
  SecretStore& next() { return calls_++ % 2 == 0 ? inner() : *second_; }

  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    return next().get(name, options, call);
  }
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    return next().get_many(requests, call);
  }
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    return next().stat(name, options, call);
  }
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    return second_->list(prefix, options, call);
  }
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    return second_->versions(name, options, call);
  }
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    return next().put(name, data, options, call);
  }
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override {
    return next().rollback(name, version, options, call);
  }
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    return next().annotate(name, patch, call);
  }
  Result<void> do_remove(NameView name, const Call& call) override { return next().remove(name, call); }
  Result<void> do_undelete(NameView name, const Call& call) override { return next().undelete(name, call); }
  Result<void> do_purge(NameView name, const Call& call) override { return next().purge(name, call); }

  std::shared_ptr<SecretStore> second_;
  std::atomic<unsigned> calls_{0};
};

class TwoHandlesFixture final : public LocalFixture {
 public:
  using LocalFixture::LocalFixture;

 private:
  Result<std::shared_ptr<SecretStore>> around(std::shared_ptr<SecretStore> store) override {
    auto second = local::open(options());
    if (!second) return second;
    return std::make_shared<AlternatingStore>(std::move(store), std::move(*second));
  }
};

const ClauseCases with_key_file("local",
                                []() -> std::unique_ptr<Fixture> { return std::make_unique<LocalFixture>(key_file); });

const ClauseCases with_passphrase("local with a passphrase", []() -> std::unique_ptr<Fixture> {
  return std::make_unique<LocalFixture>(passphrase);
});

const ClauseCases with_two_handles("local through two handles", []() -> std::unique_ptr<Fixture> {
  return std::make_unique<TwoHandlesFixture>(key_file);
});

}  // namespace
