#include "resolver/config_notices.hpp"

#include <utility>

namespace locket::inline v1 {

bool Subscription::State::note(Notice notice) {
  const std::lock_guard lock(mutex_);
  if (!ended_) notices_.push_back(std::move(notice));
  return !ended_;
}

void Subscription::State::tell() {
  {
    const std::lock_guard lock(mutex_);
    if (telling_ || notices_.empty()) return;
    telling_ = true;
  }
  if (!watcher_.executor) return tell_all();
  watcher_.executor([self = shared_from_this()] { self->tell_all(); });
}

void Subscription::State::tell_all() noexcept {
  Notice notice;
  while (take(notice)) {
    notice(watcher_);
    notice = nullptr;
    done();
  }
}

bool Subscription::State::take(Notice& notice) {
  const std::lock_guard lock(mutex_);
  telling_ = !notices_.empty();
  if (!telling_) return false;
  notice = std::move(notices_.front());
  notices_.pop_front();
  calling_ = std::this_thread::get_id();
  return true;
}

void Subscription::State::done() {
  const std::lock_guard lock(mutex_);
  calling_ = {};
  idle_.notify_all();
}

void Subscription::State::end() noexcept {
  std::unique_lock lock(mutex_);
  ended_ = true;
  notices_.clear();
  idle_.wait(lock, [this] { return calling_ == std::thread::id() || calling_ == std::this_thread::get_id(); });
}

Subscription::Subscription() noexcept = default;
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription::Subscription(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  Subscription taken(std::move(other));
  std::swap(state_, taken.state_);
  return *this;
}

Subscription::~Subscription() {
  end();
}

void Subscription::end() noexcept {
  if (const auto state = std::exchange(state_, nullptr)) state->end();
}

}  // namespace locket::inline v1
