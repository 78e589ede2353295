#include "tokens.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/fork.hpp"
#include "core/printable.hpp"
#include "upkeep.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// A program that reads its secrets and is done never asks how long its token lives: that would be one of the requests
// that the token may be good for.
constexpr seconds before_first_lookup{1};
constexpr seconds between_looks{1};
constexpr seconds longest_hold_back{30};
// Bounds for what is done about a token that still lives.
constexpr seconds shortest_tending{1};
constexpr seconds longest_tending{5};

Error timeout() {
  return Error({.code = ErrorCode::Timeout,
                .reason = "call.deadline",
                .message = "the call's deadline passed while another call logged in to Vault",
                .hint = "allow more time, or look at the store's health"});
}

Error cancelled() {
  return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
}

// Vault knows a token in its own namespace and those below only, and says of another one what it says of a dead one.
Error token_rejected(const std::string& token, const std::string& name_space) {
  const std::string where =
      name_space.empty() ? "the root namespace" : fmt::format("namespace {}", printable(name_space));
  return Error(
      {.code = ErrorCode::Unauthenticated,
       .reason = "vault.token_rejected",
       .message = fmt::format("Vault does not accept {} in {}: it is wrong, has expired or was revoked", token, where),
       .hint = "give a new one, say which namespace it belongs to if that is another (namespace=…, "
               "VAULT_NAMESPACE), or say how this program logs in (auth=approle, …), so that it fetches its "
               "own",
       .http_status = 403});
}

Error no_token() {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.credential",
                .message = "what was given as a token is none: it has spaces or control characters, or nothing",
                .hint = "a token is one word, such as hvs.… or s.…; is this the right file or variable?"});
}

// What is only given has no end of ours: others may renew it, too. It is used until Vault refuses it.
TokenLife life_of_given(const std::optional<TokenLife>& renewed) {
  if (!renewed || renewed->step != Step::Renew) return {};
  return {.step = Step::Renew, .next = renewed->next, .granted = renewed->granted};
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool gave_up(const Error& error, const Call& call, Clock::Steady now) {
  if (error.code() == ErrorCode::Cancelled) return true;
  return error.code() == ErrorCode::Timeout && call.deadline && now >= *call.deadline;
}

// Whether Vault was asked and said no, rather than a file here being missing.
bool was_refused(const Error& error) {
  return !error.retryable() && error.reason() != "vault.credential" && error.reason() != "vault.no_login" &&
         error.reason() != "vault.token_rejected";
}

}  // namespace

/// Ends a turn however it ends, be it that there is no memory.
class Tokens::Turn {
 public:
  Turn(Tokens& tokens, Lock& lock) : tokens_(tokens), lock_(lock) {
    tokens_.busy_ = true;
    // Who waits must not be told what failed in the turn before.
    tokens_.failure_.reset();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!lock_.owns_lock()) lock_.lock();
    tokens_.busy_ = false;
    ++tokens_.turns_;
    tokens_.turn_ended_->notify_all();
  }

 private:
  Tokens& tokens_;
  Lock& lock_;
};

Tokens::Tokens(Server& server, std::unique_ptr<Method> method, World world)
    : server_(server), method_(std::move(method)), world_(std::move(world)), epoch_(process_epoch()) {}

// Threads that wait exist in the parent only, and a condition variable would wait for them to leave.
Tokens::~Tokens() {
  if (process_epoch() != epoch_) std::ignore = turn_ended_.release();
}

bool Tokens::lives(Clock::Steady now) const {
  return lease_ && !is_dead_ && now < life_.ends && (!lease_->is_limited || uses_left_ != 0);
}

bool Tokens::is_due(Clock::Steady now) const {
  return now >= life_.next || (method_->is_given() && now >= look_);
}

Result<Loan> Tokens::lease(const Call& call, std::size_t wanted) {
  Lock lock(mutex_);
  for (;;) {
    const auto now = world_.clock->steady();
    if (lives(now) && (busy_ || !is_due(now))) return lend(wanted);
    if (busy_) {
      if (auto ended = await_turn(lock, call); !ended) return std::move(ended).error();
      continue;
    }
    auto loan = take_turn(lock, wanted, call);
    if (!loan || loan->requests != 0) return loan;
    // While it was tended, others took all the requests that it was good for.
    lock.lock();
  }
}

Result<void> Tokens::tend(const Call& call) {
  Lock lock(mutex_);
  const auto now = world_.clock->steady();
  if (busy_ || (lives(now) && !is_due(now))) return {};
  auto loan = take_turn(lock, 0, call);
  return loan ? Result<void>() : std::move(loan).error();
}

Loan Tokens::lend(std::size_t wanted) {
  if (!lease_->is_limited) return {.lease = lease_, .requests = wanted};
  const auto granted = std::min<std::uint64_t>(wanted, uses_left_);
  uses_left_ -= granted;
  return {.lease = lease_, .requests = static_cast<std::size_t>(granted)};
}

bool Tokens::is_current(const Lease& lease) const {
  const Lock lock(mutex_);
  return lives(world_.clock->steady()) && lease_->number == lease.number;
}

bool Tokens::may_replace() const {
  const Lock lock(mutex_);
  return world_.clock->steady() >= no_replacing_until_;
}

void Tokens::note_death(const Lease& dead) {
  const Lock lock(mutex_);
  if (!lease_ || lease_->number != dead.number || is_dead_) return;
  is_dead_ = true;
  ++deaths_;
  tried_again_at_ = world_.clock->steady() + hold_back(deaths_);
}

void Tokens::note_replaced(bool refused_again) {
  const Lock lock(mutex_);
  unhelpful_ = refused_again ? unhelpful_ + 1 : 0;
  no_replacing_until_ = refused_again ? world_.clock->steady() + hold_back(unhelpful_) : Clock::Steady::min();
}

Result<Loan> Tokens::take_turn(Lock& lock, std::size_t wanted, const Call& call) {
  const auto now = world_.clock->steady();
  const bool lived = lives(now);
  if (!lived && failure_ && now < held_back_until_) {
    Error error = *failure_;
    error.details().retry_after = std::chrono::ceil<std::chrono::milliseconds>(held_back_until_ - now);
    return error;
  }
  Outcome outcome;
  Loan current;
  {
    const Turn turn(*this, lock);
    const SharedLease lease = lease_;
    const TokenLife life = life_;
    lock.unlock();
    outcome = lived ? tend_in_time(*lease, life, call) : log_in(call);
    lock.lock();
    adopt(outcome, call);
    // One that ended meanwhile is still good for asking: Vault's refusal would bring another.
    if (lived || !outcome.error) current = lend(wanted);
  }
  lock.unlock();
  tell(outcome);
  if (!current.lease) return std::move(*outcome.error);
  return current;
}

// For others' I/O, which takes the machine's time whatever clock deadlines are on.
Result<void> Tokens::await_turn(Lock& lock, const Call& call) {
  constexpr nanoseconds slice = std::chrono::milliseconds(50);
  for (const auto turn = turns_; turns_ == turn;) {
    if (call.stop.stop_requested()) return cancelled();
    const nanoseconds left = call.deadline ? *call.deadline - world_.clock->steady() : slice;
    if (left <= nanoseconds::zero()) return timeout();
    turn_ended_->wait_for(lock, call.stop, std::min(left, slice), [&] { return turns_ != turn; });
  }
  return failure_ ? Result<void>(*failure_) : Result<void>();
}

Tokens::Outcome Tokens::log_in(const Call& call) {
  Outcome outcome{.since = world_.clock->steady()};
  auto granted = method_->login(server_, call);
  if (!granted) {
    outcome.error = std::move(granted).error();
  } else if (!is_token(granted->token.expose())) {
    outcome.error = no_token();
  } else {
    outcome.token = std::move(*granted);
  }
  return outcome;
}

// A server that hangs must not hold up a call whose token is good.
Tokens::Outcome Tokens::tend_in_time(const Lease& lease, const TokenLife& life, const Call& call) {
  const auto now = world_.clock->steady();
  Call bounded = call;
  bounded.deadline = now + longest_tending;
  if (life.ends != TokenLife::never) {
    bounded.deadline = now + std::clamp<nanoseconds>((life.ends - now) / 2, shortest_tending, longest_tending);
  }
  if (call.deadline) bounded.deadline = std::min(*bounded.deadline, *call.deadline);
  return tend(lease, life, bounded);
}

Tokens::Outcome Tokens::tend(const Lease& lease, const TokenLife& life, const Call& call) {
  const auto now = world_.clock->steady();
  if (method_->is_given() && method_->has_changed()) {
    Outcome outcome = log_in(call);
    outcome.unasked = true;
    return outcome;
  }
  if (now < life.next) return {};
  switch (life.step) {
    case Step::None: return {.life = TokenLife()};
    case Step::LogIn: return log_in(call);
    case Step::Renew: return renew_or_log_in(lease, life, call);
    case Step::LookUp: break;
  }
  auto found = look_up({.server = server_, .token = lease.token, .since = now, .jitter = jitter()}, call);
  if (!found) return {.error = std::move(found).error(), .since = now};
  return {.life = *found, .since = now};
}

Tokens::Outcome Tokens::renew_or_log_in(const Lease& lease, const TokenLife& life, const Call& call) {
  const auto now = world_.clock->steady();
  auto renewed = renew({.server = server_, .token = lease.token, .since = now, .jitter = jitter()}, life, call);
  if (!renewed) return {.error = std::move(renewed).error(), .since = now, .renewal = true};
  if (method_->is_given()) return {.life = life_of_given(*renewed), .since = now};
  if (!*renewed) return log_in(call);
  return {.life = *renewed, .since = now};
}

void Tokens::adopt(Outcome& outcome, const Call& call) {
  const auto now = world_.clock->steady();
  look_ = now + between_looks;
  const bool is_same = outcome.token && lease_ && outcome.token->token == lease_->token;
  if (outcome.token && !is_same) deaths_ = 0;
  if (is_same && is_dead_ && now < tried_again_at_) {
    outcome.token.reset();
    outcome.error = token_rejected(method_->token_told(), server_.name_space());
  }
  if (outcome.token) adopt_token(std::move(*outcome.token), outcome.since);
  if (outcome.life) life_ = *outcome.life;
  outcome.given_up = outcome.error && gave_up(*outcome.error, call, now);
  if (outcome.error && !outcome.given_up) note_failure(outcome);
}

void Tokens::adopt_token(Granted granted, Clock::Steady since) {
  if (method_->is_given()) {
    life_ = {.step = Step::LookUp, .next = since + before_first_lookup};
  } else {
    // Renewing it would take one of its requests away.
    life_ = life_of_login(granted.lifetime, granted.renewable && granted.uses == 0, since, jitter());
  }
  const std::uint64_t number = lease_ ? lease_->number + 1 : 1;
  lease_ = std::make_shared<const Lease>(
      Lease{.token = std::move(granted.token), .number = number, .is_limited = granted.uses != 0});
  uses_left_ = granted.uses;
  is_dead_ = false;
  failures_ = 0;
}

void Tokens::note_failure(const Outcome& outcome) {
  const Error& error = *outcome.error;
  const auto now = world_.clock->steady();
  if (lives(now)) {
    if (!outcome.unasked) life_.next = retry_after_failure(now, life_.ends);
    return;
  }
  // It took until the token's end: whoever comes next logs in.
  if (outcome.renewal) return;
  failure_ = error;
  if (error.retryable()) return;
  failures_ = was_refused(error) ? failures_ + 1 : 1;
  held_back_until_ = now + hold_back(failures_);
}

nanoseconds Tokens::hold_back(std::uint32_t times) {
  const nanoseconds whole = std::min<nanoseconds>(seconds(1) * (1U << std::min(times - 1, 10U)), longest_hold_back);
  return whole / 2 + nanoseconds(static_cast<nanoseconds::rep>(static_cast<double>(whole.count()) / 2 * jitter()));
}

double Tokens::jitter() {
  std::array<std::byte, 2> bytes{};
  // A generator that fails is no reason not to log in: there is only nothing to spread logins by.
  if (!world_.random->fill(bytes)) return 0.5;
  return (std::to_integer<int>(bytes[0]) * 256 + std::to_integer<int>(bytes[1])) / 65535.0;
}

// A renewal that failed is told, too: whoever watches learns of it before the token ends. Not that a token was given:
// nobody has tried it yet.
void Tokens::tell(const Outcome& outcome) const {
  const bool logged_in = outcome.token && !method_->is_given();
  if (!world_.observer || outcome.given_up || (!logged_in && !outcome.error)) return;
  world_.observer->on_event(
      {.kind = Event::Kind::Login, .store = world_.store, .error = outcome.error ? &*outcome.error : nullptr});
}

}  // namespace locket::inline v1::vault
