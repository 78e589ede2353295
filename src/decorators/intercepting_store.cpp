#include <locket/decorators/intercepting_store.hpp>

#include <type_traits>

namespace locket::inline v1 {
namespace {

std::optional<Version> version_of(const Secret& secret) {
  return secret.version();
}
std::optional<Version> version_of(const Version& version) {
  return version;
}
template <class T>
std::optional<Version> version_of(const T&) {
  return {};
}

template <class T>
Outcome outcome_of(Operation operation, const Result<T>& result) {
  Outcome outcome{.operation = std::move(operation)};
  if (!result) {
    outcome.error = &result.error();
  } else if constexpr (!std::is_void_v<T>) {
    outcome.version = version_of(*result);
  }
  return outcome;
}

// The hook's error, which takes the result's place: a write that went well stays written, and the caller must know.
Error held_back(Error error, const Outcome& outcome) {
  if (writes(outcome.operation.kind) && !outcome.refused) {
    error.details().effect = outcome.error == nullptr ? Effect::Applied : outcome.error->effect();
  }
  return error;
}

Outcome refused_outcome(Operation operation, const Error& error) {
  return {.operation = std::move(operation), .error = &error, .refused = true};
}

}  // namespace

std::string_view to_string(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::Get: return "get";
    case OperationKind::Stat: return "stat";
    case OperationKind::List: return "list";
    case OperationKind::Versions: return "versions";
    case OperationKind::Put: return "put";
    case OperationKind::Rollback: return "rollback";
    case OperationKind::Annotate: return "annotate";
    case OperationKind::Remove: return "remove";
    case OperationKind::Undelete: return "undelete";
    case OperationKind::Purge: return "purge";
    case OperationKind::ReportRejected: return "report_rejected";
    case OperationKind::Health: return "health";
  }
  return "unknown";
}

bool writes(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::Put:
    case OperationKind::Rollback:
    case OperationKind::Annotate:
    case OperationKind::Remove:
    case OperationKind::Undelete:
    case OperationKind::Purge: return true;
    default: return false;
  }
}

InterceptingStore::InterceptingStore(std::shared_ptr<SecretStore> inner) : ForwardingStore(std::move(inner)) {}

template <class Run>
auto InterceptingStore::intercepted(Operation op, const Call& call, Run run) -> decltype(run()) {
  op.id = next_id();
  using Returned = decltype(run());
  const Result<void> allowed = before(op, call);
  Returned result = allowed ? run() : Returned(allowed.error());
  const Outcome outcome = allowed ? outcome_of(op, result) : refused_outcome(op, allowed.error());
  if (auto released = after(std::span(&outcome, 1), call); !released) {
    return held_back(std::move(released).error(), outcome);
  }
  return result;
}

Result<Secret> InterceptingStore::do_get(NameView name, const GetOptions& options, const Call& call) {
  return intercepted({.kind = OperationKind::Get, .name = name.text(), .which = options.which}, call,
                     [&] { return ForwardingStore::do_get(name, options, call); });
}

// The items that `before` lets pass are still fetched in one call of the inner store.
std::vector<Result<Secret>> InterceptingStore::do_get_many(std::span<const GetRequest> requests, const Call& call) {
  std::vector<Operation> operations;
  std::vector<Result<void>> allowed;
  std::vector<GetRequest> passed;
  for (const GetRequest& request : requests) {
    operations.push_back({.id = next_id(), .name = request.name.text(), .which = request.options.which});
    allowed.push_back(before(operations.back(), call));
    if (allowed.back()) passed.push_back(request);
  }
  std::vector<Result<Secret>> fetched = ForwardingStore::do_get_many(passed, call);

  std::vector<Result<Secret>> results;
  std::vector<Outcome> outcomes;
  results.reserve(requests.size());  // the outcomes point into it
  for (std::size_t i = 0, next = 0; i < requests.size(); ++i) {
    results.push_back(allowed[i] ? std::move(fetched[next++]) : Result<Secret>(allowed[i].error()));
    outcomes.push_back(allowed[i] ? outcome_of(operations[i], results[i])
                                  : refused_outcome(operations[i], allowed[i].error()));
  }
  if (auto released = after(outcomes, call); !released) {
    for (auto& result : results) result = released.error();
  }
  return results;
}

Result<SecretInfo> InterceptingStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  return intercepted({.kind = OperationKind::Stat, .name = name.text(), .which = options.which}, call,
                     [&] { return ForwardingStore::do_stat(name, options, call); });
}
Result<Page<SecretInfo>> InterceptingStore::do_list(const Prefix& prefix, const ListOptions& options,
                                                    const Call& call) {
  return intercepted(
      {.kind = OperationKind::List, .name = prefix.text(), .metadata = options.metadata, .deleted = options.deleted},
      call, [&] { return ForwardingStore::do_list(prefix, options, call); });
}
Result<Page<VersionInfo>> InterceptingStore::do_versions(NameView name, const ListOptions& options, const Call& call) {
  return intercepted({.kind = OperationKind::Versions, .name = name.text()}, call,
                     [&] { return ForwardingStore::do_versions(name, options, call); });
}
Result<Version> InterceptingStore::do_put(NameView name, const SecretData& data, const PutOptions& options,
                                          const Call& call) {
  return intercepted({.kind = OperationKind::Put, .name = name.text(), .annotates = options.metadata.has_value()}, call,
                     [&] { return ForwardingStore::do_put(name, data, options, call); });
}
Result<Version> InterceptingStore::do_rollback(NameView name, const Version& version, const PutOptions& options,
                                               const Call& call) {
  return intercepted({.kind = OperationKind::Rollback,
                      .name = name.text(),
                      .which = version,
                      .annotates = options.metadata.has_value()},
                     call, [&] { return ForwardingStore::do_rollback(name, version, options, call); });
}
Result<void> InterceptingStore::do_annotate(NameView name, const MetadataPatch& patch, const Call& call) {
  return intercepted({.kind = OperationKind::Annotate, .name = name.text()}, call,
                     [&] { return ForwardingStore::do_annotate(name, patch, call); });
}
Result<void> InterceptingStore::do_remove(NameView name, const Call& call) {
  return intercepted({.kind = OperationKind::Remove, .name = name.text()}, call,
                     [&] { return ForwardingStore::do_remove(name, call); });
}
Result<void> InterceptingStore::do_undelete(NameView name, const Call& call) {
  return intercepted({.kind = OperationKind::Undelete, .name = name.text()}, call,
                     [&] { return ForwardingStore::do_undelete(name, call); });
}
Result<void> InterceptingStore::do_purge(NameView name, const Call& call) {
  return intercepted({.kind = OperationKind::Purge, .name = name.text()}, call,
                     [&] { return ForwardingStore::do_purge(name, call); });
}
Result<void> InterceptingStore::do_report_rejected(NameView name, const Version& version, const Call& call) {
  return intercepted({.kind = OperationKind::ReportRejected, .name = name.text(), .which = version}, call,
                     [&] { return ForwardingStore::do_report_rejected(name, version, call); });
}
Result<Health> InterceptingStore::do_health(const Call& call) {
  return intercepted({.kind = OperationKind::Health}, call, [&] { return ForwardingStore::do_health(call); });
}

}  // namespace locket::inline v1
