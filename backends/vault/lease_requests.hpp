#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <locket/backends/vault_leases.hpp>
#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/result.hpp>

#include "ask.hpp"
#include "client.hpp"

/// What is asked about leases, and what Vault answers.
namespace locket::inline v1::vault {

/// Whether `path` can be asked for: segments that are none of "", "." and "..", without control characters.
/// InvalidArgument (reason "vault.path").
Result<void> check_path(std::string_view path);

/// The lease that came with an answer, asked for at `since`; one without id where it has none.
Result<DynamicLease> lease_in(const Ask& ask, const Answer& answer, Clock::Steady since);

/// A moment on both clocks, of which one never jumps and the other one is what people read.
struct Moment {
  Clock::Steady steady = {};
  Clock::Wall wall = {};
};
Moment moment_of(const Clock& clock);

/// When `lease` ends on the calendar; none when it does not.
std::optional<Clock::Wall> expiry_of(const DynamicLease& lease, const Moment& since);

/// Of an answer with `data` that was asked for at `since`.
Result<Leased> leased_in(const Ask& ask, const Answer& answer, const Moment& since);

/// The error of a read that brought nothing: no mount, no namespace, nothing there, taken for wrong.
Error nothing_read(const Server& server, const Ask& ask, const Answer& answer);

/// Expired (reason "vault.lease_gone"), NotSupported (reason "vault.not_renewable").
Result<DynamicLease> renew(Client& client, const DynamicLease& lease, std::optional<std::chrono::seconds> increment,
                           Clock::Steady now, const Call& call);

/// `body` is what `revocation` wrote.
Ask revocation(std::string_view body);
/// `wait`: for what was lent to be gone.
Result<SecretBuffer> revocation_body(const DynamicLease& lease, bool wait);
Result<void> revoke(Client& client, const DynamicLease& lease, const Call& call);

}  // namespace locket::inline v1::vault
