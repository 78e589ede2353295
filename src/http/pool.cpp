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

// The most that a new channel may have of `wanted` connections, when all idle ones are closed.
std::size_t Pool::reachable(std::size_t wanted) const noexcept {
  std::size_t free = limit_ - open_;
  for (const auto& channel : idle_) free += channel->capacity();
  return std::min(wanted, free);
}

// Whether it may be taken. The last one that is idle is not taken whole by a call that wants less of it, where nothing
// would be left for others: they would wait while connections are unused.
bool Pool::may_take(Channels::const_iterator idle, std::size_t wanted) const noexcept {
  return (*idle)->capacity() == wanted || idle_.size() > 1 || open_ < limit_;
}

// Takes idle ones out, the oldest first, until a channel of `wanted` connections has room; their connections are told.
std::size_t Pool::make_room(std::size_t wanted, Channels& closed) {
  closed.reserve(idle_.size());
  std::size_t freed = 0;
  while (limit_ - open_ + freed < wanted) {
    freed += idle_.front()->capacity();
    closed.push_back(std::move(idle_.front()));
    idle_.erase(idle_.begin());
  }
  return freed;
}

Pool::Lease Pool::lease(std::size_t wanted, MachineTime deadline, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const bool free = changed_.wait_until(lock, stop, deadline, [&] { return !idle_.empty() || open_ < limit_; });
  if (!free) return {};
  wanted = reachable(wanted);
  if (const auto idle = find_idle(wanted); idle != idle_.end() && may_take(idle, wanted)) {
    Lease lease(*this, std::move(*idle));
    idle_.erase(idle);
    return lease;
  }
  Channels closed;
  const std::size_t freed = make_room(wanted, closed);
  const std::size_t taken_over = std::min(freed, wanted);
  open_ += wanted - taken_over;
  lock.unlock();
  closed.clear();  // writes to the network; until then they count
  forget(freed - taken_over);
  return {*this, make(wanted)};
}

void Pool::forget(std::size_t connections) noexcept {
  if (connections == 0) return;
  const std::lock_guard lock(mutex_);
  open_ -= connections;
  changed_.notify_all();
}

// It was counted already.
std::unique_ptr<Channel> Pool::make(std::size_t capacity) {
  try {
    return std::make_unique<Channel>(capacity);
  } catch (const std::bad_alloc&) {
    forget(capacity);
    throw;
  }
}

void Pool::give_back(std::unique_ptr<Channel> channel) noexcept {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(channel));
  changed_.notify_one();
}

}  // namespace locket::inline v1::http
