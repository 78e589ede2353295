#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <locket/backends/vault.hpp>
#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/result.hpp>

#include "client.hpp"
#include "core/fork.hpp"

namespace locket::inline v1::vault {

/// Whether what is about KV engines is as it was: an option that is taken and does nothing would be taken for one that
/// does. InvalidArgument (reason "vault.option").
Result<void> check_without_kv(const Options& options);

/// What an object beside the stores works with: a client of its own, and what is checked around each operation, as
/// SecretStore does it for stores.
class Session {
 public:
  /// `options` are whole (see `complete`). Waits until the server is ready where they ask for that.
  static Result<std::unique_ptr<Session>> open(const Options& options, std::string description);

  const std::shared_ptr<Client>& client() const noexcept { return client_; }
  const std::shared_ptr<Clock>& clock() const noexcept { return clock_; }

  /// Runs it, not in a forked child and within its deadline, and completes its errors.
  template <class Operation>
  auto run(const char* name, const Call& call, Operation operation) const -> decltype(operation()) {
    auto ready = admit(call);
    auto result = ready ? operation() : decltype(operation())(std::move(ready).error());
    if (result) return result;
    Error error = std::move(result).error();
    if (error.details().backend.empty()) error.details().backend = description_;
    if (error.details().operation.empty()) error.details().operation = name;
    return error;
  }

 private:
  Session(std::shared_ptr<Client> client, std::shared_ptr<Clock> clock, std::string description)
      : client_(std::move(client)), clock_(std::move(clock)), description_(std::move(description)) {}
  Result<void> admit(const Call& call) const;

  const std::shared_ptr<Client> client_;
  const std::shared_ptr<Clock> clock_;
  const std::string description_;
  const std::uint32_t epoch_ = process_epoch();
};

}  // namespace locket::inline v1::vault
