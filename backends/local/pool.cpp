#include "pool.hpp"

#include <chrono>
#include <new>

#include "opening.hpp"

namespace locket::inline v1::local {
namespace {

// How often a waiting call looks whether its deadline has passed, on a clock that may not be the machine's.
constexpr std::chrono::milliseconds look_again{5};

Error too_busy() {
  return Error({.code = ErrorCode::Timeout,
                .reason = "local.busy",
                .message = "other threads use the store for too long",
                .hint = "try again, allow more time, or use fewer threads"});
}

}  // namespace

Pool::Pool(std::shared_ptr<Shared> shared, std::unique_ptr<Session> first) : shared_(std::move(shared)) {
  idle_.reserve(limit);
  idle_.push_back(std::move(first));
}

template <class Ready>
Result<std::unique_lock<std::mutex>> Pool::wait(const Call& call, Ready ready) {
  std::unique_lock lock(mutex_);
  if (ready()) return lock;
  const auto patient_until = std::chrono::steady_clock::now() + shared_->busy_timeout;
  while (!ready()) {
    if (call.stop.stop_requested()) {
      return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
    }
    const bool late = call.deadline && shared_->clock->steady() >= *call.deadline;
    if (late || std::chrono::steady_clock::now() >= patient_until) return too_busy();
    changed_.wait_for(lock, look_again);
  }
  return lock;
}

Result<Pool::Lease> Pool::lease(const Call& call) {
  auto lock = wait(call, [&] { return !idle_.empty() || open_ < limit; });
  if (!lock) return std::move(lock).error();
  if (!idle_.empty()) {
    Lease lease(*this, std::move(idle_.back()));
    idle_.pop_back();
    lease->connection.database().serve(&call);
    return lease;
  }
  ++open_;
  lock->unlock();
  auto session = open_another();
  if (!session) return std::move(session).error();
  Lease lease(*this, std::move(*session));
  lease->connection.database().serve(&call);
  return lease;
}

// It was counted already: the others must not open too many meanwhile.
Result<std::unique_ptr<Session>> Pool::open_another() {
  try {
    auto database = open_database(shared_->path, shared_->clock, shared_->busy_timeout);
    if (database) return std::make_unique<Session>(shared_, std::move(*database));
    lose_one();
    return std::move(database).error();
  } catch (const std::bad_alloc&) {
    lose_one();
    throw;
  }
}

void Pool::lose_one() noexcept {
  const std::lock_guard lock(mutex_);
  --open_;
  changed_.notify_all();
}

void Pool::give_back(std::unique_ptr<Session> session) noexcept {
  session->connection.database().serve(nullptr);
  // A write that could not be taken back keeps everybody from writing: closing the connection ends it.
  if (session->connection.database().in_transaction()) {
    session.reset();
    return lose_one();
  }
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));  // room was reserved
  changed_.notify_all();
}

Result<Pool::Turn> Pool::turn(const Call& call) {
  auto lock = wait(call, [&] { return !writing_; });
  if (!lock) return std::move(lock).error();
  writing_ = true;
  return Turn(*this);
}

void Pool::end_turn() noexcept {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  changed_.notify_all();
}

}  // namespace locket::inline v1::local
