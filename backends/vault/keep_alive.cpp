#include <algorithm>
#include <utility>

#include "client.hpp"
#include "core/fork.hpp"

namespace locket::inline v1::vault {

KeepAlive::KeepAlive() : epoch_(process_epoch()) {}
KeepAlive::~KeepAlive() = default;

Result<void> KeepAlive::tend(const Call& call) {
  if (process_epoch() != epoch_) {
    return Error({.code = ErrorCode::Unavailable,
                  .reason = "store.forked",
                  .message = "this keeps tokens alive for another process, of which this one is a fork",
                  .hint = "open the stores again after the fork",
                  .retryable = false});
  }
  Result<void> result;
  for (const auto& client : clients()) {
    auto tended = client->tend(call);
    if (result) result = std::move(tended);
  }
  return result;
}

void KeepAlive::add(const std::shared_ptr<Client>& client) {
  const std::lock_guard lock(mutex_);
  std::erase_if(clients_, [](const auto& each) { return each.expired(); });
  clients_.push_back(client);
}

// Asked without the lock: a login takes its time.
std::vector<std::shared_ptr<Client>> KeepAlive::clients() const {
  std::vector<std::shared_ptr<Client>> open;
  const std::lock_guard lock(mutex_);
  for (const auto& each : clients_) {
    if (auto client = each.lock()) open.push_back(std::move(client));
  }
  return open;
}

}  // namespace locket::inline v1::vault
