#include "testing/attempt.hpp"

namespace locket::inline v1::testing {
namespace {

template <class T>
std::optional<Error> error(Result<T> result) {
  if (result) return std::nullopt;
  return std::move(result).error();
}

}  // namespace

std::optional<Error> attempt(SecretStore& store, OperationKind kind, const Attempt& with) {
  const auto& [name, text, version, call] = with;
  switch (kind) {
    case OperationKind::Get: return error(store.get(name, {}, call));
    case OperationKind::Stat: return error(store.stat(name, {}, call));
    case OperationKind::List: return error(store.list(name, {}, call));
    case OperationKind::Versions: return error(store.versions(name, {}, call));
    case OperationKind::Put: return error(store.put(name, SecretData::bytes(text), {}, call));
    case OperationKind::Rollback: return error(store.rollback(name, version, {}, call));
    case OperationKind::Annotate: return error(store.annotate(name, {.description = "attempted"}, call));
    case OperationKind::Remove: return error(store.remove(name, call));
    case OperationKind::Undelete: return error(store.undelete(name, call));
    case OperationKind::Purge: return error(store.purge(name, call));
    case OperationKind::ReportRejected: return error(store.report_rejected(name, version, call));
    case OperationKind::Health: return error(store.health(call));
  }
  return std::nullopt;
}

std::optional<Error> attempt_many(SecretStore& store, NameView name, const Call& call) {
  const GetRequest request{.name = name};
  auto results = store.get_many({&request, 1}, call);
  if (results.size() != 1) return std::nullopt;
  return error(std::move(results.front()));
}

bool claims(const Capabilities& can, OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::List: return can.list;
    case OperationKind::Versions: return can.versions;
    case OperationKind::Put: return can.put;
    case OperationKind::Rollback: return can.rollback;
    case OperationKind::Annotate: return can.annotate;
    case OperationKind::Remove: return can.remove;
    case OperationKind::Undelete: return can.undelete;
    case OperationKind::Purge: return can.purge;
    case OperationKind::Get:
    case OperationKind::Stat:
    case OperationKind::ReportRejected:
    case OperationKind::Health: break;
  }
  return true;
}

Snapshot look(SecretStore& store, std::string_view name) {
  Snapshot seen;
  if (auto secret = store.get(name)) {
    seen.value = secret->value().expose();
    seen.kind = secret->kind();
  } else {
    seen.error = secret.error().code();
  }
  if (auto info = store.stat(name)) {
    seen.deleted = info->deleted;
    seen.current = info->current;
    seen.metadata = info->metadata;
  } else {
    seen.stat_error = info.error().code();
  }
  if (!store.capabilities().versions) return seen;
  if (auto page = store.versions(name)) {
    for (const VersionInfo& version : page->items) {
      seen.versions.push_back(version.version.text() + " " + std::to_string(static_cast<int>(version.state)));
    }
  }
  return seen;
}

}  // namespace locket::inline v1::testing
