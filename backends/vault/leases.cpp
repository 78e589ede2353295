#include <string>
#include <utility>

#include <fmt/format.h>

#include <locket/backends/vault_leases.hpp>

#include "client.hpp"
#include "core/fork.hpp"
#include "environment.hpp"
#include "health.hpp"
#include "lease_requests.hpp"
#include "wrapping.hpp"

namespace locket::inline v1::vault {
namespace {

Error forked_error() {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "store.forked",
                .message = "this was opened by another process, of which this one is a fork",
                .hint = "open it again after the fork",
                .retryable = false});
}

}  // namespace

class Leases::Work {
 public:
  Work(std::shared_ptr<Client> client, std::shared_ptr<Clock> clock, std::string description)
      : client_(std::move(client)), clock_(std::move(clock)), description_(std::move(description)) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work() = default;

  Client& client() const noexcept { return *client_; }
  Clock& clock() const noexcept { return *clock_; }
  const std::string& description() const noexcept { return description_; }

  Result<void> admit(const Call& call) const {
    if (process_epoch() != epoch_) return forked_error();
    if (call.stop.stop_requested()) {
      return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
    }
    if (!call.deadline || clock_->steady() < *call.deadline) return {};
    return Error({.code = ErrorCode::Timeout,
                  .reason = "call.deadline",
                  .message = "the call's deadline has passed",
                  .hint = "allow more time"});
  }

 private:
  const std::shared_ptr<Client> client_;
  const std::shared_ptr<Clock> clock_;
  const std::string description_;
  const std::uint32_t epoch_ = process_epoch();
};

Leases::Leases(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
Leases::Leases(Leases&&) noexcept = default;
Leases& Leases::operator=(Leases&&) noexcept = default;
Leases::~Leases() = default;

Result<Leases> Leases::open(Options options) {
  if (auto good = check_wait(options.wait_ready); !good) return std::move(good).error();
  auto whole = complete(std::move(options));
  if (!whole) return std::move(whole).error();
  std::string description = fmt::format("vault {}, leases", whole->address);
  auto client = Client::make(*whole, description);
  if (!client) return std::move(client).error();
  const auto& clock = whole->settings.clock;
  auto work = std::make_unique<Work>(std::move(*client), clock ? clock : system_clock(), std::move(description));
  if (whole->wait_ready.count() > 0) {
    if (auto ready = await_ready(work->client(), work->clock(), whole->wait_ready); !ready) {
      return std::move(ready).error();
    }
  }
  return Leases(std::move(work));
}

// Every operation: not in a forked child, within its deadline, its errors complete.
template <class Operation>
auto Leases::guarded(const char* operation, const Call& call, Operation run) -> decltype(run()) {
  auto ready = work_->admit(call);
  auto result = ready ? run() : decltype(run())(std::move(ready).error());
  if (result) return result;
  Error error = std::move(result).error();
  if (error.details().backend.empty()) error.details().backend = work_->description();
  if (error.details().operation.empty()) error.details().operation = operation;
  return error;
}

Result<Leased> Leases::read(std::string_view path, const Call& call) {
  return guarded("read", call, [&]() -> Result<Leased> {
    if (auto good = check_path(path); !good) return std::move(good).error();
    const Ask ask{.path = std::string(path)};
    const Moment since = moment_of(work_->clock());
    const auto answer = work_->client().send(ask, call);
    if (!answer) return answer.error();
    return answer->ok() ? leased_in(ask, *answer, since) : Result<Leased>(nothing_read(ask, *answer));
  });
}

Result<DynamicLease> Leases::renew(const DynamicLease& lease, std::optional<std::chrono::seconds> increment,
                                   const Call& call) {
  return guarded("renew", call,
                 [&] { return vault::renew(work_->client(), lease, increment, work_->clock().steady(), call); });
}

Result<void> Leases::revoke(const DynamicLease& lease, const Call& call) {
  return guarded("revoke", call, [&] { return vault::revoke(work_->client(), lease, call); });
}

Result<Wrapped> Leases::wrap(std::string_view path, std::chrono::seconds ttl, const Call& call) {
  return guarded("wrap", call, [&] { return vault::wrap(work_->client(), path, ttl, call); });
}

Result<Wrapped> Leases::wrap(const SecretData& data, std::chrono::seconds ttl, const Call& call) {
  return guarded("wrap", call, [&] { return vault::wrap(work_->client(), data, ttl, call); });
}

Result<Leased> Leases::unwrap(const SecretValue& token, std::string_view path, const Call& call) {
  return guarded("unwrap", call, [&] { return vault::unwrap(work_->client(), token, path, work_->clock(), call); });
}

}  // namespace locket::inline v1::vault
