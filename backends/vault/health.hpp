#pragma once

#include <chrono>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/info.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

#include "ask.hpp"

namespace locket::inline v1::vault {

class Client;

/// What asks for the server's state: without a token, so that a sealed server can be told from a bad token.
Ask health_question();

/// "ok", "dr_secondary", "not_initialized", "sealed", "removed" (from its cluster) or "unavailable". A standby is "ok":
/// it passes requests on to the active node. MalformedResponse: it is not Vault that answered.
Result<Health> health_of(const Ask& ask, const Answer& answer);

/// Both together.
Result<Health> ask_health(Client& client, const Call& call);

/// Whether so long can be waited: 0 to one hour. InvalidArgument (reason "vault.option").
Result<void> check_wait(std::chrono::milliseconds limit);

/// Waits, on the store's clock, until it is ready, no longer than `limit`; the last error when it is not until then
/// (that of the breaker only when there is no other). An error that time does not heal (a certificate that is not
/// trusted) is returned at once.
Result<void> await_ready(SecretStore& store, std::chrono::milliseconds limit);
Result<void> await_ready(Client& client, Clock& clock, std::chrono::milliseconds limit);

}  // namespace locket::inline v1::vault
