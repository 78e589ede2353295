#pragma once

#include <optional>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/result.hpp>

#include "server.hpp"
#include "token_life.hpp"

/// What is asked of Vault about a token that there is.
namespace locket::inline v1::vault {

struct Upkeep {
  Server& server;
  const SecretValue& token;
  Clock::Steady since;  ///< When it is asked.
  double jitter;        ///< 0 to 1.
};

/// Renews it: its new life. None: Vault answered that it cannot be (any more), which may mean that it is dead.
Result<std::optional<TokenLife>> renew(const Upkeep& upkeep, const TokenLife& life, const Call& call);

/// When a given token is to be renewed, if it can be; it has no end of ours. Nothing is ever done about one that is
/// good for so many requests only: each would take one away.
Result<TokenLife> look_up(const Upkeep& upkeep, const Call& call);

/// Whether Vault knew the token, which may not do that: it says so in other words than of a token that it does not
/// know. Only where a token was given more requests at once than it is good for, it may have been that.
bool refused_by_policy(const Answer& answer);

/// Whether Vault still knows it, asked after a refusal.
Result<bool> is_known(Server& server, const SecretValue& token, const Call& call);

}  // namespace locket::inline v1::vault
