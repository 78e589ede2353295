#include "session.hpp"

#include "failure.hpp"
#include "health.hpp"

namespace locket::inline v1::vault {

Result<void> check_without_kv(const Options& options) {
  const Options defaults;
  if (options.mount == defaults.mount && options.prefix == defaults.prefix && options.is_kv2 == defaults.is_kv2 &&
      options.max_versions == defaults.max_versions) {
    return {};
  }
  return invalid_option("mount, prefix, is_kv2 and max_versions are about KV engines",
                        "leave them as they are: paths name their mount, and a database engine's is "
                        "DatabaseOptions::mount");
}

Result<std::unique_ptr<Session>> Session::open(const Options& options, std::string description) {
  auto client = Client::make(options, description);
  if (!client) return std::move(client).error();
  const auto& clock = options.settings.clock;
  std::unique_ptr<Session> session(
      new Session(std::move(*client), clock ? clock : system_clock(), std::move(description)));
  if (options.wait_ready.count() > 0) {
    if (auto ready = await_ready(*session->client_, *session->clock_, options.wait_ready); !ready) {
      return std::move(ready).error();
    }
  }
  return session;
}

Result<void> Session::admit(const Call& call) const {
  if (process_epoch() != epoch_) {
    return Error({.code = ErrorCode::Unavailable,
                  .reason = "store.forked",
                  .message = "this was opened by another process, of which this one is a fork",
                  .hint = "open it again after the fork",
                  .retryable = false});
  }
  if (call.stop.stop_requested()) {
    return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
  }
  if (!call.deadline || clock_->steady() < *call.deadline) return {};
  return Error({.code = ErrorCode::Timeout,
                .reason = "call.deadline",
                .message = "the call's deadline has passed",
                .hint = "allow more time"});
}

}  // namespace locket::inline v1::vault
