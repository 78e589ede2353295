// Broken in what they say of themselves, in their errors, and after a fork.
#include <atomic>
#include <cstdlib>

#include <unistd.h>

#include "broken_stores.hpp"

namespace broken {
namespace {

using namespace locket;

class DescribesInTwoLines final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  std::string do_describe() const override { return "memory\nof mine"; }
};

class IsNeverReady final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Health> do_health(const Call&) override { return Health{.ready = false, .state = "starting"}; }
};

class IsFine final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Health> do_health(const Call&) override { return Health{.ready = true, .state = "fine"}; }
};

// A store with capabilities of its own.
class Claims : public ForwardingStore {
 public:
  Claims(std::shared_ptr<SecretStore> inner, void (*change)(Capabilities&)) : ForwardingStore(std::move(inner)) {
    can_ = ForwardingStore::do_capabilities();
    change(can_);
  }

 protected:
  const Capabilities& do_capabilities() const noexcept override { return can_; }

 private:
  Capabilities can_;
};

class ClaimsStages final : public Claims {
 public:
  explicit ClaimsStages(std::shared_ptr<SecretStore> inner)
      : Claims(std::move(inner), [](Capabilities& can) { can.stages = true; }) {}
};

class ClaimsImpossibleNames final : public Claims {
 public:
  explicit ClaimsImpossibleNames(std::shared_ptr<SecretStore> inner)
      : Claims(std::move(inner), [](Capabilities& can) { can.max_name = 600; }) {}
};

class LearnsToDoLess final : public ForwardingStore {
 public:
  explicit LearnsToDoLess(std::shared_ptr<SecretStore> inner)
      : ForwardingStore(std::move(inner)), less_(ForwardingStore::do_capabilities()) {
    less_.expiry = false;
  }

 protected:
  Result<Health> do_health(const Call& call) override {
    asked_ = true;
    return inner().health(call);
  }
  const Capabilities& do_capabilities() const noexcept override {
    return asked_ ? less_ : ForwardingStore::do_capabilities();
  }

 private:
  Capabilities less_;
  std::atomic<bool> asked_ = false;
};

class QuotesValueInConflict final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    if (version || data.kind() == SecretData::Kind::Fields) return version;
    Error error = std::move(version).error();
    error.details().message += " while putting " + std::string(data.encoded().expose());
    return error;
  }
};

class QuotesFieldsInConflict final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Version> do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) override {
    auto version = inner().put(name, data, options, call);
    if (version || data.kind() == SecretData::Kind::Bytes) return version;
    Error error = std::move(version).error();
    error.details().hint = "the body was " + std::string(data.encoded().expose());
    return error;
  }
};

class QuotesCurrentValue final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto secret = inner().get(name, options, call);
    const auto current = inner().get(name, {}, call);
    if (secret || !current) return secret;
    Error error = std::move(secret).error();
    error.details().request_id = current->value().expose();
    return error;
  }
};

class SaysUnknownOfNothing final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<void> do_remove(NameView name, const Call& call) override {
    auto done = inner().remove(name, call);
    if (!done) done.error().details().effect = Effect::Unknown;
    return done;
  }
};

class SpeaksInSentences final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    auto info = inner().stat(name, options, call);
    if (!info) info.error().details().message = "Something went wrong.";
    return info;
  }
};

class NamesWhatItAsked final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    auto results = inner().get_many(requests, call);
    for (auto& result : results) {
      if (!result) result.error().details().name = "batch";
    }
    return results;
  }
};

// "Missing, or refused, who cares."
template <ErrorCode taken, ErrorCode given>
class Blurs final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
    auto secret = inner().get(name, options, call);
    if (!secret && secret.error().code() == taken) secret.error().details().code = given;
    return secret;
  }
};

// Says goodbye to a server, also in a child that never said hello.
class ClosesInChild final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  ~ClosesInChild() override {
    if (::getpid() != opened_) ::_exit(3);
  }

 private:
  pid_t opened_ = ::getpid();
};

class DescribesItsProcess final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  std::string do_describe() const override { return "memory of process " + std::to_string(::getpid()); }
};

}  // namespace

std::vector<Store> describing() {
  return {
      {"the description has two lines", {"describe/one-line"}, around<DescribesInTwoLines>},
      {"the store is never ready", {"health/ready"}, around<IsNeverReady>},
      {"the store is ready in a state of its own", {"health/ready"}, around<IsFine>},
      {"stages are claimed", {"capabilities/supported-options", "stage/unknown"}, around<ClaimsStages>},
      {"names longer than names are claimed", {"capabilities/coherent"}, around<ClaimsImpossibleNames>},
      {"capabilities change", {"capabilities/constant"}, around<LearnsToDoLess>},
      {"errors quote bytes that are put", {"error/writes-leak-nothing"}, around<QuotesValueInConflict>},
      {"errors quote fields that are put", {"error/fields-leak-nothing"}, around<QuotesFieldsInConflict>},
      {"errors quote the current value", {"error/reads-leak-nothing"}, around<QuotesCurrentValue>},
      {"a refused remove is said to be unknown", {"error/no-effect"}, around<SaysUnknownOfNothing>},
      {"messages are sentences", {"error/says-where"}, around<SpeaksInSentences>},
      {"errors of get_many name no secret", {"error/get_many"}, around<NamesWhatItAsked>},
      {"refused reads as missing", {"error/denied"}, around<Blurs<ErrorCode::PermissionDenied, ErrorCode::NotFound>>},
      {"not logged in reads as refused",
       {"error/unauthenticated"},
       around<Blurs<ErrorCode::Unauthenticated, ErrorCode::PermissionDenied>>},
      {"unreachable reads as missing", {"error/network"}, around<Blurs<ErrorCode::Network, ErrorCode::NotFound>>},
      {"a child ends the parent's session", {"fork/dropped"}, around<ClosesInChild>},
      {"the description is another one in a child", {"fork/describes"}, around<DescribesItsProcess>},
  };
}

}  // namespace broken
