#pragma once

#include <chrono>

#include <locket/info.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

#include "ask.hpp"

namespace locket::inline v1::vault {

/// What asks for the server's state: without a token, so that a sealed server can be told from a bad token.
Ask health_question();

/// "ok", "standby", "performance_standby", "dr_secondary", "not_initialized", "sealed", "removed" (from its cluster) or
/// "unavailable". MalformedResponse: it is not Vault that answered.
Result<Health> health_of(const Ask& ask, const Answer& answer);

/// Waits, on the store's clock, until it is ready, no longer than `limit`; the last error when it is not until then. An
/// error that time does not heal (a certificate that is not trusted) is returned at once.
Result<void> await_ready(SecretStore& store, std::chrono::milliseconds limit);

}  // namespace locket::inline v1::vault
