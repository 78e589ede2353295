#include "held_credentials.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "token_life.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::nanoseconds;

// How old what is reported must be: who reports younger ones speaks of those before.
constexpr std::chrono::seconds settled(1);

// A refresh of what still lives takes half of that life at most, and no longer than this.
constexpr std::chrono::seconds longest_refresh(10);
constexpr std::chrono::milliseconds shortest_refresh(100);

Error timeout() {
  return Error({.code = ErrorCode::Timeout,
                .reason = "call.deadline",
                .message = "the call's deadline passed while another call fetched the credentials",
                .hint = "allow more time, or look at the store's health"});
}

Error cancelled() {
  return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
}

bool gave_up(const Error& error, const Call& call, Clock::Steady now) {
  if (error.code() == ErrorCode::Cancelled) return true;
  return error.code() == ErrorCode::Timeout && call.deadline && now >= *call.deadline;
}

}  // namespace

/// Ends a turn however it ends, be it that there is no memory.
class HeldCredentials::Turn {
 public:
  Turn(HeldCredentials& owner, Lock& lock) : owner_(owner), lock_(lock) {
    owner_.busy_ = true;
    owner_.last_ = {.given_up = true};
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!lock_.owns_lock()) lock_.lock();
    owner_.busy_ = false;
    ++owner_.turns_;
    owner_.turn_ended_.notify_all();
  }

 private:
  HeldCredentials& owner_;
  Lock& lock_;
};

HeldCredentials::HeldCredentials(Name role, World world) : role_(std::move(role)), world_(std::move(world)) {}

// On both clocks: while a machine sleeps, the steady one may stand still, and the lease does not.
bool HeldCredentials::lives(Clock::Steady now) const {
  if (!held_ || is_rejected_ || now >= held_->ends) return false;
  const auto& expires = held_->secret.metadata().expires;
  return !expires || world_.clock.now() < *expires;
}

bool HeldCredentials::is_empty() const {
  const Lock lock(mutex_);
  return !held_;
}

SharedHeld HeldCredentials::current() const {
  const Lock lock(mutex_);
  return lives(world_.clock.steady()) ? held_ : SharedHeld();
}

void HeldCredentials::reject() {
  const Lock lock(mutex_);
  if (held_ && world_.clock.steady() >= held_->issued + settled) is_rejected_ = true;
}

Result<Secret> HeldCredentials::get(const Call& call) {
  Lock lock(mutex_);
  for (;;) {
    const auto now = world_.clock.steady();
    if (lives(now) && (busy_ || now < next_)) return held_->secret;
    if (!busy_) {
      if (auto secret = take_turn(lock, call)) return std::move(*secret);
      continue;
    }
    if (auto ended = await_turn(lock, call); !ended) return std::move(ended).error();
    if (last_.given_up) continue;
    if (last_.held) return last_.held->secret;
    if (last_.error) return *last_.error;
  }
}

std::optional<Result<Secret>> HeldCredentials::take_turn(Lock& lock, const Call& call) {
  const bool lived = lives(world_.clock.steady());
  const SharedHeld old = held_;
  Outcome outcome;
  SharedHeld current;
  {
    const Turn turn(*this, lock);
    lock.unlock();
    outcome = lived ? refresh_in_time(*old, call) : fetch(call);
    lock.lock();
    const auto now = world_.clock.steady();
    outcome.given_up = outcome.error && gave_up(*outcome.error, call, now);
    adopt(outcome, now);
    current = last_.held;
    if (!current && lives(now)) current = held_;
  }
  lock.unlock();
  tell(outcome, old);
  if (current) return current->secret;
  if (outcome.error) return std::move(*outcome.error);
  lock.lock();
  return std::nullopt;
}

// For others' I/O, which takes the machine's time whatever clock deadlines are on.
Result<void> HeldCredentials::await_turn(Lock& lock, const Call& call) {
  constexpr nanoseconds slice = std::chrono::milliseconds(50);
  for (const auto turn = turns_; turns_ == turn;) {
    if (call.stop.stop_requested()) return cancelled();
    const nanoseconds left = call.deadline ? *call.deadline - world_.clock.steady() : slice;
    if (left <= nanoseconds::zero()) return timeout();
    turn_ended_.wait_for(lock, call.stop, std::min(left, slice), [&] { return turns_ != turn; });
  }
  return {};
}

HeldCredentials::Outcome HeldCredentials::fetch(const Call& call) const {
  auto fetched = world_.engine.fetch(role_, call);
  if (!fetched) return {.error = std::move(fetched).error()};
  return {.held = std::make_shared<const Held>(std::move(*fetched)), .fetched = true};
}

// A server that hangs must not hold up a call while the credentials are good.
HeldCredentials::Outcome HeldCredentials::refresh_in_time(const Held& held, const Call& call) const {
  const auto now = world_.clock.steady();
  Call bounded = call;
  bounded.deadline = now + std::clamp<nanoseconds>((held.ends - now) / 2, shortest_refresh, longest_refresh);
  if (call.deadline) bounded.deadline = std::min(*bounded.deadline, *call.deadline);
  return refresh(held, bounded);
}

// Renewed while that gives them a third of their life again, else others are fetched. What cannot be renewed for a
// reason that will not go away (gone, or the policy has no sys/leases/renew) is no reason to have none.
HeldCredentials::Outcome HeldCredentials::refresh(const Held& held, const Call& call) const {
  const auto now = world_.clock.steady();
  if (held.lease.step(now) != LeaseStep::Renew) return fetch(call);
  auto renewed = world_.engine.renew(held, call);
  if (!renewed && renewed.error().retryable()) return {.error = std::move(renewed).error()};
  const bool gone = !renewed && renewed.error().code() == ErrorCode::Expired;
  if (!renewed) {
    Outcome outcome = fetch(call);
    outcome.gone = gone;
    return outcome;
  }
  SharedHeld longer = std::make_shared<const Held>(std::move(*renewed));
  if (world_.clock.steady() < longer->due) return {.held = std::move(longer)};
  Outcome outcome = fetch(call);
  if (!outcome.held) outcome.held = std::move(longer);
  return outcome;
}

void HeldCredentials::adopt(const Outcome& outcome, Clock::Steady now) {
  last_ = outcome;
  if (outcome.gone) is_rejected_ = true;
  if (outcome.held) {
    held_ = outcome.held;
    next_ = held_->due;
  }
  if (outcome.fetched) is_rejected_ = false;
  if (is_rejected_) last_.held.reset();
  if (outcome.error && held_) next_ = retry_after_failure(now, held_->ends);
}

void HeldCredentials::tell(const Outcome& outcome, const SharedHeld& old) const {
  if (!old || outcome.given_up) return;
  if (outcome.error) return world_.notify(Event::Kind::RefreshFailed, role_, &*outcome.error);
  const bool changed = outcome.fetched && !(outcome.held->secret.value() == old->secret.value());
  if (changed) world_.notify(Event::Kind::Changed, role_, nullptr);
}

}  // namespace locket::inline v1::vault
