#include <locket/testing/fault_store.hpp>

#include <array>
#include <deque>
#include <mutex>
#include <utility>

namespace locket::inline v1::testing {
namespace {

struct Announced {
  Fault fault = {};
  std::size_t times = 0;
};

// What is to happen to the calls of one kind, and how many there were.
struct Line {
  std::deque<Announced> announced = {};
  Fault otherwise = {};
  std::size_t calls = 0;

  Fault take() {
    ++calls;
    if (announced.empty()) return otherwise;
    Announced& first = announced.front();
    Fault fault = first.fault;
    if (--first.times == 0) announced.pop_front();
    return fault;
  }
};

}  // namespace

struct FaultStore::Script {
  mutable std::mutex mutex;
  std::array<Line, all_operations.size()> lines;

  Line& line(OperationKind kind) { return lines[static_cast<std::size_t>(kind)]; }
  Fault take(OperationKind kind) {
    const std::lock_guard lock(mutex);
    return line(kind).take();
  }
};

FaultStore::FaultStore(std::shared_ptr<SecretStore> inner)
    : ForwardingStore(std::move(inner)), script_(std::make_unique<Script>()) {}
FaultStore::~FaultStore() = default;

void FaultStore::next(OperationKind kind, Fault fault, std::size_t times) {
  if (times == 0) return;
  const std::lock_guard lock(script_->mutex);
  script_->line(kind).announced.push_back({.fault = std::move(fault), .times = times});
}

void FaultStore::always(OperationKind kind, Fault fault) {
  const std::lock_guard lock(script_->mutex);
  script_->line(kind).otherwise = std::move(fault);
}

void FaultStore::always(const Fault& fault) {
  for (OperationKind kind : all_operations) always(kind, fault);
}

void FaultStore::recover() {
  const std::lock_guard lock(script_->mutex);
  for (Line& line : script_->lines) line = {.calls = line.calls};
}

std::size_t FaultStore::calls(OperationKind kind) const {
  const std::lock_guard lock(script_->mutex);
  return script_->line(kind).calls;
}

std::size_t FaultStore::calls() const {
  const std::lock_guard lock(script_->mutex);
  std::size_t sum = 0;
  for (const Line& line : script_->lines) sum += line.calls;
  return sum;
}

// Waits, and then says what went wrong: the call ended meanwhile, or the fault's own error.
std::optional<Error> FaultStore::strike(const Fault& fault, const Call& call) const {
  if (fault.delay > std::chrono::nanoseconds::zero()) {
    Clock& clock = *settings().clock;
    const Deadline until = clock.steady() + std::chrono::duration_cast<Deadline::duration>(fault.delay);
    clock.wait_until(call.deadline ? std::min(until, *call.deadline) : until, call.stop);
    if (auto ready = check(call); !ready) return std::move(ready).error();
  }
  return fault.error;
}

template <class Run>
auto FaultStore::faulty(OperationKind kind, const Call& call, Run run) -> decltype(run()) {
  const Fault fault = script_->take(kind);
  if (fault.when == Fault::When::Before) {
    if (auto error = strike(fault, call)) return std::move(*error);
    return run();
  }
  auto result = run();
  auto error = strike(fault, call);
  if (!error) return result;
  const bool written = writes(kind) && result.ok();
  if (written && error->effect() == Effect::None) error->details().effect = Effect::Unknown;
  return std::move(*error);
}

Result<Secret> FaultStore::do_get(NameView name, const GetOptions& options, const Call& call) {
  return faulty(OperationKind::Get, call, [&] { return ForwardingStore::do_get(name, options, call); });
}

std::vector<Result<Secret>> FaultStore::do_get_many(std::span<const GetRequest> requests, const Call& call) {
  std::vector<Fault> faults;
  std::vector<std::optional<Error>> errors;
  std::vector<GetRequest> passed;
  for (const GetRequest& request : requests) {
    const Fault& fault = faults.emplace_back(script_->take(OperationKind::Get));
    errors.push_back(fault.when == Fault::When::Before ? strike(fault, call) : std::nullopt);
    if (!errors.back()) passed.push_back(request);
  }
  std::vector<Result<Secret>> fetched = ForwardingStore::do_get_many(passed, call);

  std::vector<Result<Secret>> results;
  for (std::size_t i = 0, next = 0; i < requests.size(); ++i) {
    Result<Secret> result = errors[i] ? Result<Secret>(std::move(*errors[i])) : std::move(fetched[next++]);
    if (faults[i].when == Fault::When::After) {
      if (auto late = strike(faults[i], call)) result = std::move(*late);
    }
    results.push_back(std::move(result));
  }
  return results;
}

Result<SecretInfo> FaultStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  return faulty(OperationKind::Stat, call, [&] { return ForwardingStore::do_stat(name, options, call); });
}
Result<Page<SecretInfo>> FaultStore::do_list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  return faulty(OperationKind::List, call, [&] { return ForwardingStore::do_list(prefix, options, call); });
}
Result<Page<VersionInfo>> FaultStore::do_versions(NameView name, const ListOptions& options, const Call& call) {
  return faulty(OperationKind::Versions, call, [&] { return ForwardingStore::do_versions(name, options, call); });
}
Result<Version> FaultStore::do_put(NameView name, const SecretData& data, const PutOptions& options, const Call& call) {
  return faulty(OperationKind::Put, call, [&] { return ForwardingStore::do_put(name, data, options, call); });
}
Result<Version> FaultStore::do_rollback(NameView name, const Version& version, const PutOptions& options,
                                        const Call& call) {
  return faulty(OperationKind::Rollback, call,
                [&] { return ForwardingStore::do_rollback(name, version, options, call); });
}
Result<void> FaultStore::do_annotate(NameView name, const MetadataPatch& patch, const Call& call) {
  return faulty(OperationKind::Annotate, call, [&] { return ForwardingStore::do_annotate(name, patch, call); });
}
Result<void> FaultStore::do_remove(NameView name, const Call& call) {
  return faulty(OperationKind::Remove, call, [&] { return ForwardingStore::do_remove(name, call); });
}
Result<void> FaultStore::do_undelete(NameView name, const Call& call) {
  return faulty(OperationKind::Undelete, call, [&] { return ForwardingStore::do_undelete(name, call); });
}
Result<void> FaultStore::do_purge(NameView name, const Call& call) {
  return faulty(OperationKind::Purge, call, [&] { return ForwardingStore::do_purge(name, call); });
}
Result<void> FaultStore::do_report_rejected(NameView name, const Version& version, const Call& call) {
  return faulty(OperationKind::ReportRejected, call,
                [&] { return ForwardingStore::do_report_rejected(name, version, call); });
}
Result<Health> FaultStore::do_health(const Call& call) {
  return faulty(OperationKind::Health, call, [&] { return ForwardingStore::do_health(call); });
}

}  // namespace locket::inline v1::testing
