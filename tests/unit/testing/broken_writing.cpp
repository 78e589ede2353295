// Broken in put, rollback, annotate, remove, undelete and purge.
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "broken_stores.hpp"

namespace broken {
namespace {

using namespace locket;

bool fails_with(const Result<Version>& result, ErrorCode code) {
  return !result && result.error().code() == code;
}

class StripsNewlines final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const std::string_view text = data.encoded().expose();
    if (!text.ends_with('\n')) return inner().put(name, data, options, call);
    return inner().put(name, SecretData::bytes(text.substr(0, text.size() - 1)), options, call);
  }
};

class StopsAtNul final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const std::string_view text = data.encoded().expose();
    const auto nul = text.find('\0');
    if (nul == text.npos) return inner().put(name, data, options, call);
    return inner().put(name, SecretData::bytes(text.substr(0, nul)), options, call);
  }
};

// Takes what looks like plain bytes in Vault for that.
class UnwrapsValue final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    if (data.encoded().expose() != R"({"value":"x"})") return inner().put(name, data, options, call);
    return inner().put(name, SecretData::bytes("x"), options, call);
  }
};

class ThrowsAtNothing final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    if (data.size() == 0) throw std::runtime_error("nothing to put");
    return inner().put(name, data, options, call);
  }
};

class SkipsWhatIsTheSame final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const auto secret = inner().get(name, {}, call);
    const bool plain = options.condition == Condition() && options.idempotency_key.empty() && !options.metadata;
    if (plain && secret && secret->kind() == data.kind() && secret->value() == data.encoded())
      return *secret->version();
    return inner().put(name, data, options, call);
  }
};

class ForgetsTypeAtPut final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    const auto info = inner().stat(name, {}, call);
    if (!version || !info || info->metadata->type.empty() || options.metadata) return version;
    const auto forgotten = inner().annotate(name, {.type = clear}, call);
    return forgotten ? std::move(version) : Result<Version>(forgotten.error());
  }
};

class ConflictWritesMetadata final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    if (!fails_with(version, ErrorCode::Conflict) || !options.metadata) return version;
    const auto written = inner().annotate(name, *options.metadata, call);
    return written ? std::move(version) : Result<Version>(written.error());
  }
};

class RemovedDoesNotExist final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    const auto info = inner().stat(name, {}, call);
    if (!fails_with(version, ErrorCode::Conflict) || !info || !info->deleted) return version;
    return std::holds_alternative<MustNotExist>(options.condition) ? inner().put(name, data, {}, call) : version;
  }
};

class MissingIsNoConflict final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    if (fails_with(version, ErrorCode::Conflict) && !inner().stat(name, {}, call)) {
      return Error({.code = ErrorCode::NotFound, .message = "there is no such secret"});
    }
    return version;
  }
};

// Looks first and writes then, and lets another writer come between.
class ChecksThenWrites final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const bool creates = std::holds_alternative<MustNotExist>(options.condition) && options.idempotency_key.empty();
    if (!creates || inner().stat(name, {}, call)) return inner().put(name, data, options, call);
    ++between_;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    while (between_ < 2 && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
    PutOptions unchecked = options;
    unchecked.condition = {};
    return inner().put(name, data, unchecked, call);
  }

 private:
  std::atomic<int> between_ = 0;
};

class KeyIgnoresKind final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    const auto secret = inner().get(name, {}, call);
    if (!fails_with(version, ErrorCode::Conflict) || options.idempotency_key.empty() || !secret) return version;
    return secret->value() == data.encoded() ? *secret->version() : std::move(version);
  }
};

class KeysAreOfTheStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const std::lock_guard lock(mutex_);
    const auto [used, fresh] = used_.emplace(options.idempotency_key, name.text());
    if (options.idempotency_key.empty() || fresh || used->second == name.text()) {
      return inner().put(name, data, options, call);
    }
    return Error({.code = ErrorCode::Conflict, .message = "the key was used before"});
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> used_;
};

class KeysAreNeverForgotten final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const std::lock_guard lock(mutex_);
    const std::pair key(std::string(name.text()), options.idempotency_key);
    const auto known = made_.find(key);
    const auto info = inner().stat(name, {}, call);
    if (known != made_.end() && info && info->current != known->second) return known->second;
    auto version = inner().put(name, data, options, call);
    if (version && !options.idempotency_key.empty()) made_.emplace(key, *version);
    return version;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Version> made_;
};

class RepeatBringsBack final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    if (version && !options.idempotency_key.empty()) static_cast<void>(inner().undelete(name, call));
    return version;
  }
};

class RollbackForgetsItsKey final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override {
    PutOptions keyless = options;
    keyless.idempotency_key.clear();
    return inner().rollback(name, version, keyless, call);
  }
};

class RollbackMakesBytes final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override {
    auto rolled = inner().rollback(name, version, options, call);
    const auto secret = inner().get(name, {}, call);
    if (!rolled || !secret || secret->kind() == SecretData::Kind::Bytes) return rolled;
    return inner().put(name, SecretData::bytes(secret->value().clone()), {}, call);
  }
};

class RollbackIgnoresConditions final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_rollback(NameView name, const Version& version, const PutOptions& options,
                              const Call& call) override {
    PutOptions unconditional = options;
    unconditional.condition = {};
    return inner().rollback(name, version, unconditional, call);
  }
};

class AnnotateMakesVersion final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    auto done = inner().annotate(name, patch, call);
    const auto info = inner().stat(name, {}, call);
    if (done && info) static_cast<void>(inner().rollback(name, *info->current, {}, call));
    return done;
  }
};

class AnnotateCreates final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    if (inner().stat(name, {}, call)) return inner().annotate(name, patch, call);
    const auto created = inner().put(name, SecretData(), {.metadata = patch}, call);
    return created ? Result<void>() : Result<void>(created.error());
  }
};

class TagsAreReplaced final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    const auto info = inner().stat(name, {}, call);
    MetadataPatch whole = patch;
    if (info && !patch.tags.empty()) {
      for (const auto& [key, value] : info->metadata->tags) whole.tags.emplace(key, clear);
    }
    return inner().annotate(name, whole, call);
  }
};

class ClearDoesNothing final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_annotate(NameView name, const MetadataPatch& patch, const Call& call) override {
    MetadataPatch sets = patch;
    if (sets.provider.clears()) sets.provider = {};
    return inner().annotate(name, sets, call);
  }
};

class RemoveTwiceFails final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_remove(NameView name, const Call& call) override {
    const auto info = inner().stat(name, {}, call);
    if (!info || !info->deleted) return inner().remove(name, call);
    return Error({.code = ErrorCode::NotFound, .message = "it is removed already"});
  }
};

class RemoveTakesWhatIsBelow final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_remove(NameView name, const Call& call) override {
    const auto below = inner().list(name.text(), {}, call);
    if (below) {
      for (const SecretInfo& info : below->items) static_cast<void>(inner().remove(info.name, call));
    }
    return inner().remove(name, call);
  }
};

class UndeleteForgets final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_undelete(NameView name, const Call& call) override {
    auto done = inner().undelete(name, call);
    if (done) done = inner().annotate(name, {.tags = {{"team", clear}}}, call);
    return done;
  }
};

class UndeleteOfLiveFails final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_undelete(NameView name, const Call& call) override {
    const auto page = inner().versions(name, {}, call);
    if (page && page->items.size() == 1 && page->items.front().state == VersionInfo::State::Live) {
      return Error({.code = ErrorCode::Conflict, .message = "it is not removed"});
    }
    return inner().undelete(name, call);
  }
};

class PurgeKeepsDescription final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_purge(NameView name, const Call& call) override {
    const auto info = inner().stat(name, {}, call);
    const std::lock_guard lock(mutex_);
    if (info) kept_.insert_or_assign(std::string(name.text()), info->metadata->description);
    return inner().purge(name, call);
  }
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.extract(std::string(name.text()));
    auto version = inner().put(name, data, options, call);
    if (version && !kept.empty()) static_cast<void>(inner().annotate(name, {.description = kept.mapped()}, call));
    return version;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> kept_;
};

class ClosingForgets final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  ~ClosingForgets() override {
    if (!forked()) static_cast<void>(inner().annotate("bytes", {.description = clear}));
  }
};

class PurgeNeedsRemove final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_purge(NameView name, const Call& call) override {
    const auto info = inner().stat(name, {}, call);
    if (!info || info->deleted) return inner().purge(name, call);
    return Error({.code = ErrorCode::Conflict, .message = "remove it first"});
  }
};

}  // namespace

std::vector<Store> writing() {
  return {
      {"a newline at the end is dropped", {"value/white-space"}, around<StripsNewlines>},
      {"values end at a NUL byte", {"value/every-byte", "value/nul"}, around<StopsAtNul>},
      {"JSON with only `value` is unwrapped", {"value/json-stays-bytes"}, around<UnwrapsValue>},
      {"putting nothing throws", {"value/empty"}, around<ThrowsAtNothing>},
      {"the same value makes no new version", {"put/always-new"}, around<SkipsWhatIsTheSame>},
      {"a put forgets the type", {"put/keeps-metadata"}, around<ForgetsTypeAtPut>},
      {"a refused put changes the metadata", {"condition/keeps-metadata"}, around<ConflictWritesMetadata>},
      {"what is removed may be created", {"condition/removed-exists"}, around<RemovedDoesNotExist>},
      {"a version of nothing is NotFound", {"condition/missing-secret"}, around<MissingIsNoConflict>},
      {"two may create the same secret", {"threads/one-creator"}, around<ChecksThenWrites>, {"handle/one-creator"}},
      {"an idempotency key ignores the kind", {"idempotency/other-kind"}, around<KeyIgnoresKind>},
      {"an idempotency key is the whole store's", {"idempotency/other-secret"}, around<KeysAreOfTheStore>},
      {"idempotency keys are never forgotten", {"idempotency/forgotten"}, around<KeysAreNeverForgotten>},
      {"a repeated put brings the removed back", {"idempotency/after-remove"}, around<RepeatBringsBack>},
      {"rollback forgets its idempotency key", {"idempotency/rollback"}, around<RollbackForgetsItsKey>},
      {"rollback makes bytes of fields", {"rollback/kind"}, around<RollbackMakesBytes>},
      {"rollback ignores its condition", {"rollback/condition"}, around<RollbackIgnoresConditions>},
      {"annotate makes a version", {"annotate/no-version"}, around<AnnotateMakesVersion>},
      {"annotate creates what is missing", {"annotate/missing"}, around<AnnotateCreates>},
      {"annotate replaces all tags", {"annotate/merges-tags"}, around<TagsAreReplaced>},
      {"the provider cannot be cleared", {"annotate/clears"}, around<ClearDoesNothing>},
      {"removing twice fails", {"remove/soft-twice"}, around<RemoveTwiceFails>},
      {"remove takes what is below too", {"remove/leaves-below"}, around<RemoveTakesWhatIsBelow>},
      {"undelete forgets a tag", {"undelete/as-it-was"}, around<UndeleteForgets>},
      // Another thread may have undeleted it before.
      {"undelete of what is not removed fails",
       {"undelete/not-removed"},
       around<UndeleteOfLiveFails>,
       {"threads/everything"}},
      {"a purge keeps the description", {"purge/frees-name"}, around<PurgeKeepsDescription>},
      {"what was annotated is gone when the store is closed", {"handle/is-kept"}, around<ClosingForgets>},
      {"a purge needs a remove before",
       {"purge/gone", "purge/leaves-below", "purge/frees-name", "purge/versions"},
       around<PurgeNeedsRemove>,
       {"threads/everything"}},
  };
}

}  // namespace broken
