// Broken in get, get_many, stat and versions.
#include <algorithm>
#include <map>
#include <mutex>

#include "broken_stores.hpp"

namespace broken {
namespace {

using namespace locket;

Error not_found() {
  return Error({.code = ErrorCode::NotFound, .message = "there is no such secret"});
}

class FoldsCase final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto secret = inner().get(name, options, call);
    if (secret || secret.error().code() != ErrorCode::NotFound) return secret;
    std::string lower(name.text());
    for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return inner().get(lower, options, call);
  }
};

class FoldersAreEmptySecrets final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto secret = inner().get(name, options, call);
    const auto below = inner().list(name.text(), {}, call);
    return secret || !below || below->items.empty() ? std::move(secret) : Secret(SecretData());
  }
};

class ReadsNumbersLeniently final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    const auto* version = std::get_if<Version>(&options.which);
    if (version == nullptr || !version->text().starts_with('0') || version->text().size() == 1) {
      return inner().get(name, options, call);
    }
    return inner().get(name, {.which = Version(version->text().substr(1))}, call);
  }
};

class LooksAmongOthersVersions final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto secret = inner().get(name, options, call);
    if (secret || secret.error().code() != ErrorCode::NotFound || !inner().stat(name, {}, call)) return secret;
    const auto all = inner().list("", {}, call);
    if (!all) return secret;
    for (const SecretInfo& other : all->items) {
      if (auto found = inner().get(other.name, options, call)) return found;
    }
    return secret;
  }
};

class RemovedHadEveryVersion final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto current = inner().get(name, {}, call);
    return !current && current.error().code() == ErrorCode::Deleted ? current : inner().get(name, options, call);
  }
};

class BlamesTheVersion final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    if (options.which == Which(Current{}) || inner().stat(name, {}, call)) return inner().get(name, options, call);
    return Error({.code = ErrorCode::InvalidArgument, .message = "that is no version"});
  }
};

// Keeps what was put, and forgets that it expires.
class ServesExpiredVersions final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    const std::lock_guard lock(mutex_);
    if (version) kept_.insert_or_assign({std::string(name.text()), version->text()}, Secret(data.clone(), *version));
    return version;
  }
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto secret = inner().get(name, options, call);
    const auto* version = std::get_if<Version>(&options.which);
    if (secret || version == nullptr || secret.error().code() != ErrorCode::Expired) return secret;
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find({std::string(name.text()), version->text()});
    return kept == kept_.end() ? std::move(secret) : Result<Secret>(kept->second);
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Secret> kept_;
};

class LosesOrderOfLaterBatches final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    auto results = inner().get_many(requests, call);
    if (results.size() > 20) std::reverse(results.begin() + 20, results.end());
    return results;
  }
};

class GivesUpAfterTwoErrors final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    auto results = inner().get_many(requests, call);
    int errors = 0;
    for (auto& result : results) {
      if (!result && ++errors > 2) continue;
      if (errors >= 2 && result) result = not_found();
    }
    return results;
  }
};

class IgnoresVersionsInBatches final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    std::vector<GetRequest> current(requests.begin(), requests.end());
    for (GetRequest& request : current) request.options = {};
    return inner().get_many(current, call);
  }
};

class StatRefusesExpired final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    if (!info || !info->metadata->expires || *info->metadata->expires > settings().clock->now()) return info;
    return Error({.code = ErrorCode::Expired, .message = "the secret has expired"});
  }
};

class StatForgetsMetadataOfRemoved final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    if (info && info->deleted) info->metadata.reset();
    return info;
  }
};

class StatTakesAskedForCurrent final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    const auto* version = std::get_if<Version>(&options.which);
    if (info && version != nullptr) info->current = *version;
    return info;
  }
};

class StatReadsJson final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    auto secret = inner().get(name, options, call);
    if (!info || !secret) return info;
    if (auto names = secret->field_names()) info->fields = std::move(*names);
    return info;
  }
};

class DescribesVersionsApart final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    if (info && options.which != Which(Current{})) info->metadata->description.clear();
    return info;
  }
};

class CreatedWhenUpdated final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    if (info) info->metadata->created = info->metadata->updated;
    return info;
  }
};

class AllVersionsAreCurrent final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    auto page = inner().versions(name, options, call);
    if (!page) return page;
    for (VersionInfo& version : page->items) version.current = true;
    return page;
  }
};

class RemovedVersionsLookLive final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    auto page = inner().versions(name, options, call);
    const auto info = inner().stat(name, {}, call);
    if (!page || !info || !info->deleted) return page;
    for (VersionInfo& version : page->items) version.state = VersionInfo::State::Live;
    return page;
  }
};

class MissingHasNoVersions final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    auto page = inner().versions(name, options, call);
    return page || page.error().code() != ErrorCode::NotFound ? std::move(page) : Page<VersionInfo>();
  }
};

class OldestVersionFirst final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<VersionInfo>> do_versions(NameView name, const ListOptions& options, const Call& call) override {
    auto page = inner().versions(name, options, call);
    if (page) std::reverse(page->items.begin(), page->items.end());
    return page;
  }
};

// A cache that hears of nobody's writes but its own.
class RemembersWhatItRead final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    const std::lock_guard lock(mutex_);
    const auto known = read_.find(std::string(name.text()));
    if (options.which != Which(Current{})) return inner().get(name, options, call);
    if (known != read_.end()) return known->second;
    auto secret = inner().get(name, options, call);
    if (secret) read_.emplace(name.text(), *secret);
    return secret;
  }
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    return forgetting(name, [&] { return inner().put(name, data, options, call); });
  }
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override {
    return forgetting(name, [&] { return inner().rollback(name, version, options, call); });
  }
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    return forgetting(name, [&] { return inner().annotate(name, patch, call); });
  }
  Result<void> do_remove(NameView name, const Call& call) override {
    return forgetting(name, [&] { return inner().remove(name, call); });
  }
  Result<void> do_undelete(NameView name, const Call& call) override {
    return forgetting(name, [&] { return inner().undelete(name, call); });
  }
  Result<void> do_purge(NameView name, const Call& call) override {
    return forgetting(name, [&] { return inner().purge(name, call); });
  }

 private:
  template <class Write>
  auto forgetting(NameView name, Write write) -> decltype(write()) {
    const std::lock_guard lock(mutex_);
    read_.erase(std::string(name.text()));
    return write();
  }

  std::mutex mutex_;
  std::map<std::string, Secret> read_;
};

class KnowsOnlyWhatIsThere final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_report_rejected(NameView name, const Version& version, const Call& call) override {
    if (!inner().stat(name, {}, call)) return not_found();
    return inner().report_rejected(name, version, call);
  }
};

}  // namespace

std::vector<Store> reading() {
  return {
      {"names are found in lower case", {"name/exact"}, around<FoldsCase>},
      {"folders read as empty secrets", {"get/folder"}, around<FoldersAreEmptySecrets>},
      {"version 01 is taken for 1", {"version/unknown"}, around<ReadsNumbersLeniently>},
      {"versions are looked up among all secrets", {"version/of-another"}, around<LooksAmongOthersVersions>},
      {"any version of the removed is Deleted", {"remove/soft-versions"}, around<RemovedHadEveryVersion>},
      {"a version of a missing secret is a bad version", {"version/of-missing"}, around<BlamesTheVersion>},
      {"versions are served after the secret expired", {"expiry/all-versions"}, around<ServesExpiredVersions>},
      {"get_many loses the order from the 21st on", {"get_many/in-order"}, around<LosesOrderOfLaterBatches>},
      {"get_many gives up after two errors", {"get_many/mixed"}, around<GivesUpAfterTwoErrors>},
      {"get_many reads current versions only", {"get_many/versions"}, around<IgnoresVersionsInBatches>},
      {"stat refuses what expired", {"expiry/stat"}, around<StatRefusesExpired>},
      {"stat of the removed has no metadata", {"remove/soft-stat"}, around<StatForgetsMetadataOfRemoved>},
      {"stat says that the version asked for is current", {"version/stat"}, around<StatTakesAskedForCurrent>},
      {"stat tells fields of bytes that are JSON", {"stat/no-fields"}, around<StatReadsJson>},
      {"older versions have no description", {"metadata/all-versions"}, around<DescribesVersionsApart>},
      {"`created` moves with each change", {"metadata/times"}, around<CreatedWhenUpdated>},
      {"all versions are current", {"versions/current"}, around<AllVersionsAreCurrent>},
      {"versions of the removed look live", {"remove/soft-told"}, around<RemovedVersionsLookLive>},
      {"a missing secret has versions, none", {"versions/missing"}, around<MissingHasNoVersions>},
      {"the oldest version comes first",
       {"versions/newest-first", "versions/pages"},
       around<OldestVersionFirst>,
       {"versions/times"}},
      {"a cache hears of nobody else's writes", {"handle/sees-writes"}, around<RemembersWhatItRead>},
      {"report_rejected of a missing secret is NotFound", {"report_rejected/harmless"}, around<KnowsOnlyWhatIsThere>},
  };
}

}  // namespace broken
