#include <locket/decorators/intercepting_store.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>

using namespace locket;

namespace {

struct Seen {
  OperationKind kind;
  std::string name;
  bool refused;
  bool failed;
  std::optional<Version> version;
};

// Records what passes the hooks, and refuses or holds back what the test wants.
class Watching final : public InterceptingStore {
 public:
  using InterceptingStore::InterceptingStore;

  std::function<bool(const Operation&)> refuse = [](const Operation&) { return false; };
  bool hold_back = false;
  std::vector<Operation> before_calls;
  std::vector<Seen> after_calls;
  std::vector<std::size_t> batches;

 protected:
  Result<void> before(const Operation& operation, const Call&) override {
    before_calls.push_back(operation);
    if (refuse(operation)) return Error({.code = ErrorCode::PermissionDenied, .message = "the policy refuses"});
    return {};
  }
  Result<void> after(std::span<const Outcome> outcomes, const Call&) override {
    batches.push_back(outcomes.size());
    for (const Outcome& o : outcomes) {
      after_calls.push_back(
          {o.operation.kind, std::string(o.operation.name), o.refused, o.error != nullptr, o.version});
      const auto same = [&](const Operation& op) { return op.id == o.operation.id && op.kind == o.operation.kind; };
      CHECK(std::any_of(before_calls.begin(), before_calls.end(), same));
    }
    if (hold_back) return Error({.code = ErrorCode::AuditFailed, .message = "the trail cannot be written"});
    return {};
  }
};

struct Fixture {
  std::shared_ptr<SecretStore> inner = *memory::open();
  Watching store{inner};

  Fixture() { REQUIRE(inner->put("a", SecretData::bytes("hunter2"))); }
};

// One call of every operation; the table must name them all.
const std::map<OperationKind, std::function<std::optional<Error>(SecretStore&)>>& every_operation() {
  static const auto error_of = [](const auto& result) {
    return result ? std::nullopt : std::optional<Error>(result.error());
  };
  static const std::map<OperationKind, std::function<std::optional<Error>(SecretStore&)>> calls{
      {OperationKind::Get, [](SecretStore& s) { return error_of(s.get("a")); }},
      {OperationKind::Stat, [](SecretStore& s) { return error_of(s.stat("a")); }},
      {OperationKind::List, [](SecretStore& s) { return error_of(s.list("")); }},
      {OperationKind::Versions, [](SecretStore& s) { return error_of(s.versions("a")); }},
      {OperationKind::Put, [](SecretStore& s) { return error_of(s.put("a", SecretData::bytes("x"))); }},
      {OperationKind::Rollback, [](SecretStore& s) { return error_of(s.rollback("a", Version("1"))); }},
      {OperationKind::Annotate, [](SecretStore& s) { return error_of(s.annotate("a", {.description = "d"})); }},
      {OperationKind::Remove, [](SecretStore& s) { return error_of(s.remove("a")); }},
      {OperationKind::Undelete, [](SecretStore& s) { return error_of(s.undelete("a")); }},
      {OperationKind::Purge, [](SecretStore& s) { return error_of(s.purge("a")); }},
      {OperationKind::ReportRejected, [](SecretStore& s) { return error_of(s.report_rejected("a", Version("1"))); }},
      {OperationKind::Health, [](SecretStore& s) { return error_of(s.health()); }}};
  return calls;
}

}  // namespace

TEST_CASE("no operation passes an intercepting store unseen") {
  REQUIRE(every_operation().size() == all_operations.size());
  for (OperationKind kind : all_operations) {
    CAPTURE(to_string(kind));
    Fixture fixture;
    CHECK_FALSE(every_operation().at(kind)(fixture.store));
    REQUIRE(fixture.store.before_calls.size() == 1);
    CHECK(fixture.store.before_calls[0].kind == kind);
    REQUIRE(fixture.store.after_calls.size() == 1);
    CHECK_FALSE(fixture.store.after_calls[0].failed);
  }
}

TEST_CASE("what before refuses never reaches the inner store") {
  for (OperationKind kind : all_operations) {
    CAPTURE(to_string(kind));
    Fixture fixture;
    fixture.store.refuse = [](const Operation&) { return true; };
    const auto error = every_operation().at(kind)(fixture.store);
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::PermissionDenied);
    CHECK(error->effect() == Effect::None);
    CHECK(fixture.store.after_calls[0].refused);
    const auto info = fixture.inner->stat("a");
    REQUIRE(info);
    CHECK_FALSE(info->deleted);
    CHECK(info->current == Version("1"));
    CHECK(info->metadata->description.empty());
  }
}

TEST_CASE("what after holds back is not released, and a write that happened is said to have") {
  for (OperationKind kind : all_operations) {
    CAPTURE(to_string(kind));
    Fixture fixture;
    fixture.store.hold_back = true;
    const auto error = every_operation().at(kind)(fixture.store);
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::AuditFailed);
    CHECK(error->effect() == (writes(kind) ? Effect::Applied : Effect::None));
  }
}

TEST_CASE("a put that changes metadata, and a list that tells them, say so") {
  Fixture fixture;
  REQUIRE(fixture.store.put("a", SecretData::bytes("x"), {.metadata = MetadataPatch{.expires = clear}}));
  REQUIRE(fixture.store.rollback("a", Version("1"), {.metadata = MetadataPatch{}}));
  REQUIRE(fixture.store.put("a", SecretData::bytes("y")));
  REQUIRE(fixture.store.list("", {.metadata = true, .deleted = true}));
  const auto& seen = fixture.store.before_calls;
  CHECK(seen[0].annotates);
  CHECK(seen[1].annotates);
  CHECK_FALSE(seen[2].annotates);
  CHECK(seen[3].metadata);
  CHECK(seen[3].deleted);
}

TEST_CASE("a write that failed and could not be recorded keeps its own effect") {
  Fixture fixture;
  fixture.store.hold_back = true;
  const auto result = fixture.store.put("a", SecretData::bytes("x"), {.condition = MustNotExist{}});
  CHECK(result.error().code() == ErrorCode::AuditFailed);
  CHECK(result.error().effect() == Effect::None);
}

TEST_CASE("get_many is seen item by item, refused item by item, and recorded at once") {
  Fixture fixture;
  REQUIRE(fixture.inner->put("b", SecretData::bytes("other")));
  fixture.store.refuse = [](const Operation& operation) { return operation.name == "b"; };
  const Name a = *Name::parse("a"), b = *Name::parse("b"), c = *Name::parse("c");
  const std::vector<GetRequest> requests{{a}, {b}, {c}};
  const auto results = fixture.store.get_many(requests);
  CHECK(results[0]->value().expose() == "hunter2");
  CHECK(results[1].error().code() == ErrorCode::PermissionDenied);
  CHECK(results[2].error().code() == ErrorCode::NotFound);
  CHECK(fixture.store.batches == std::vector<std::size_t>{3});
  CHECK(fixture.store.after_calls[0].version == Version("1"));
  CHECK(fixture.store.after_calls[1].refused);
  CHECK_FALSE(fixture.store.after_calls[2].refused);

  fixture.store.hold_back = true;
  for (const auto& result : fixture.store.get_many(requests)) CHECK(result.error().code() == ErrorCode::AuditFailed);
}
