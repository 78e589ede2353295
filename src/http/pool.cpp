#include "http/pool.hpp"

#include <algorithm>
#include <new>

namespace locket::inline v1::http {

Sessions::Sessions() : share_(::curl_share_init()) {
  if (!share_) throw std::bad_alloc();
  ::curl_share_setopt(share_.get(), CURLSHOPT_LOCKFUNC, &Sessions::lock);
  ::curl_share_setopt(share_.get(), CURLSHOPT_UNLOCKFUNC, &Sessions::unlock);
  ::curl_share_setopt(share_.get(), CURLSHOPT_USERDATA, this);
  if (::curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK) {
    throw std::bad_alloc();
  }
}

void Sessions::lock(CURL*, curl_lock_data what, curl_lock_access, void* data) noexcept {
  static_cast<Sessions*>(data)->mutexes_[what].lock();
}
void Sessions::unlock(CURL*, curl_lock_data what, void* data) noexcept {
  static_cast<Sessions*>(data)->mutexes_[what].unlock();
}

Pool::Pool(Identity identity, const Settings& settings, std::size_t limit)
    : identity_(std::move(identity)), settings_(settings), limit_(limit) {
  idle_.reserve(limit);  // giving back needs no memory
}

Common Pool::common() const noexcept {
  return {.settings = &settings_, .identity = &identity_, .share = sessions_.get()};
}

Pool::Channels::iterator Pool::find_idle(std::size_t wanted) noexcept {
  auto best = idle_.end();
  for (auto it = idle_.begin(); it != idle_.end(); ++it) {
    const std::size_t capacity = (*it)->capacity();
    // The smallest that will do; among equals the one used last.
    if (capacity >= wanted && (best == idle_.end() || capacity <= (*best)->capacity())) best = it;
  }
  return best;
}

// How many connections a new channel may have, after closing idle ones, the oldest first, until it may have `wanted`.
std::size_t Pool::make_room(std::size_t wanted, Channels& closed) noexcept {
  while (limit_ - open_ < wanted && !idle_.empty()) {
    open_ -= idle_.front()->capacity();
    closed.push_back(std::move(idle_.front()));
    idle_.erase(idle_.begin());
  }
  return std::min(wanted, limit_ - open_);
}

Pool::Lease Pool::lease(std::size_t wanted, MachineTime deadline, const std::stop_token& stop) {
  Channels closed;  // destroyed behind the lock: closing writes to the network
  closed.reserve(limit_);
  std::unique_lock lock(mutex_);
  const bool free = changed_.wait_until(lock, stop, deadline, [&] { return !idle_.empty() || open_ < limit_; });
  if (!free) return {};
  if (const auto idle = find_idle(wanted); idle != idle_.end()) {
    Lease lease(*this, std::move(*idle));
    idle_.erase(idle);
    return lease;
  }
  const std::size_t capacity = make_room(wanted, closed);
  open_ += capacity;
  lock.unlock();
  return {*this, make(capacity)};
}

// It was counted already.
std::unique_ptr<Channel> Pool::make(std::size_t capacity) {
  try {
    return std::make_unique<Channel>(capacity);
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    open_ -= capacity;
    changed_.notify_all();
    throw;
  }
}

void Pool::give_back(std::unique_ptr<Channel> channel) noexcept {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(channel));
  changed_.notify_one();
}

}  // namespace locket::inline v1::http
