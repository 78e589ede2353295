#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/observer.hpp>
#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

#include "auth/method.hpp"
#include "server.hpp"
#include "token_life.hpp"

namespace locket::inline v1::vault {

/// A token, lent to the requests that are sent with it.
struct Lease {
  SecretValue token;
  /// Counts up with each new token.
  std::uint64_t number = 0;
  /// It is good for so many requests only, which must not be spent on asking how it is.
  bool is_limited = false;
};
using SharedLease = std::shared_ptr<const Lease>;

/// A token for so many requests.
struct Loan {
  SharedLease lease = {};
  std::size_t requests = 0;
};

/// Has a token, and sees to it that it lives. What is to be done is done by the call that comes next: while the token
/// lives, by one of them alone, the others going on with it; without one, all wait for that call.
///
/// **Failed logins** are told to all who wait, and then to whoever comes for a second, two, four, … half a minute at
/// most, without asking Vault again. What only could not be reached is asked again by the next call: the transport
/// knows how often. Nobody hears of a login that its own caller gave up; the next one tries.
///
/// **Threads.** All methods may be called from any thread at once.
class Tokens {
 public:
  struct World {
    std::shared_ptr<Clock> clock;
    std::shared_ptr<RandomSource> random;
    /// May be null.
    std::shared_ptr<Observer> observer;
    /// What events call the store.
    std::string store;
  };

  Tokens(Server& server, std::unique_ptr<Method> method, World world);
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  /// A token that lives as far as is known, for `wanted` requests, at least 1; for fewer, but for one at least, when it
  /// is not good for so many. Errors: the login's; Timeout and Cancelled by `call`.
  Result<Loan> lease(const Call& call, std::size_t wanted);

  /// Does what is due, if somebody else is not about it, and takes none of its requests. Errors: those of `lease`, when
  /// no token is left.
  Result<void> tend(const Call& call);

  /// Whether `lease` is what another call would get now: not replaced meanwhile, and not at its end.
  bool is_current(const Lease& lease) const;

  /// Whether `note_death` may be called. Not for a while after a token that was just fetched was refused as well: then
  /// it is the path that is refused, and each login for it would be one too many.
  bool may_replace() const;
  /// Vault does not know `dead` any more: `lease` gets another one. Unauthenticated (reason "vault.token_rejected")
  /// when the same one is all that there is.
  void note_death(const Lease& dead);
  /// Whether the request for whose sake a token was replaced was refused again.
  void note_replaced(bool refused_again);

 private:
  using Lock = std::unique_lock<std::mutex>;

  /// What came of a turn; what is none stays as it is.
  struct Outcome {
    std::optional<Granted> token = {};
    std::optional<TokenLife> life = {};
    std::optional<Error> error = {};
    Clock::Steady since = {};  // when it was asked for
    bool given_up = false;     // by the one who called, so that it says nothing about Vault
    bool renewal = false;      // what failed: a login may still work
    bool unasked = false;      // it was about a token's file alone: what is due about the token still is
  };
  class Turn;

  bool lives(Clock::Steady now) const;
  bool is_due(Clock::Steady now) const;
  Loan lend(std::size_t wanted);
  Result<Loan> take_turn(Lock& lock, std::size_t wanted, const Call& call);
  Result<void> await_turn(Lock& lock, const Call& call);

  Outcome log_in(const Call& call);
  Outcome tend(const Lease& lease, const TokenLife& life, const Call& call);
  Outcome tend_in_time(const Lease& lease, const TokenLife& life, const Call& call);
  Outcome renew_or_log_in(const Lease& lease, const TokenLife& life, const Call& call);

  void adopt(Outcome& outcome, const Call& call);
  void adopt_token(Granted granted, Clock::Steady since);
  void note_failure(const Outcome& outcome);
  std::chrono::nanoseconds hold_back(std::uint32_t times);
  double jitter();
  void tell(const Outcome& outcome) const;

  Server& server_;
  const std::unique_ptr<Method> method_;  // called only by the thread whose turn it is
  const World world_;

  mutable std::mutex mutex_;
  const std::uint32_t epoch_;  // of the process that made it
  std::unique_ptr<std::condition_variable_any> turn_ended_ = std::make_unique<std::condition_variable_any>();
  bool busy_ = false;        // a thread has its turn
  std::uint64_t turns_ = 0;  // that ended

  SharedLease lease_;
  TokenLife life_;
  std::uint64_t uses_left_ = 0;  // of a limited one
  bool is_dead_ = false;         // Vault does not know `lease_` any more
  Clock::Steady look_ = {};      // when to see whether a given token's file is another one

  std::optional<Error> failure_;  // of the last turn, when it brought no token
  std::uint32_t failures_ = 0;    // logins that Vault refused, in a row
  Clock::Steady held_back_until_ = Clock::Steady::min();
  std::uint32_t deaths_ = 0;  // of the same given token, in a row
  Clock::Steady tried_again_at_ = {};
  std::uint32_t unhelpful_ = 0;  // replacements in a row that changed nothing
  Clock::Steady no_replacing_until_ = Clock::Steady::min();
};

}  // namespace locket::inline v1::vault
