#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

#include "http/channel.hpp"
#include "http/handles.hpp"
#include "http/identity.hpp"
#include "http/settings.hpp"

namespace locket::inline v1::http {

/// TLS sessions that all channels of a pool resume, so that a new connection costs less than the first.
class Sessions {
 public:
  /// Throws std::bad_alloc.
  Sessions();
  CURLSH* get() const noexcept { return share_.get(); }

 private:
  static void lock(CURL*, curl_lock_data what, curl_lock_access, void* data) noexcept;
  static void unlock(CURL*, curl_lock_data what, void* data) noexcept;

  std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes_;
  Share share_;
};

/// The connections that were made with one identity: never more than `limit` at once, idle ones among them.
/// Thread-safe. In a forked child it must be leaked and not destroyed.
class Pool {
 public:
  /// A channel, for the time of a call; empty when there was none in time.
  class Lease {
   public:
    Lease() noexcept = default;
    Lease(Pool& pool, std::unique_ptr<Channel> channel) noexcept : pool_(&pool), channel_(std::move(channel)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (channel_) pool_->give_back(std::move(channel_));
    }
    explicit operator bool() const noexcept { return channel_ != nullptr; }
    Channel* operator->() const noexcept { return channel_.get(); }

   private:
    Pool* pool_ = nullptr;
    std::unique_ptr<Channel> channel_;
  };

  Pool(Identity identity, const Settings& settings, std::size_t limit);

  /// A channel with `wanted` connections: fewer where the limit leaves no more, and more where an idle one has them and
  /// something is left for others. Waits while there is none.
  Lease lease(std::size_t wanted, MachineTime deadline, const std::stop_token& stop);
  bool outdated() const noexcept { return identity_.outdated(); }
  Common common() const noexcept;

 private:
  using Channels = std::vector<std::unique_ptr<Channel>>;

  Channels::iterator find_idle(std::size_t wanted) noexcept;
  std::size_t reachable(std::size_t wanted) const noexcept;
  bool may_take(Channels::const_iterator idle, std::size_t wanted) const noexcept;
  std::size_t make_room(std::size_t wanted, Channels& closed);
  void forget(std::size_t connections) noexcept;
  std::unique_ptr<Channel> make(std::size_t capacity);
  void give_back(std::unique_ptr<Channel> channel) noexcept;

  const Identity identity_;
  const Settings& settings_;
  const std::size_t limit_;
  Sessions sessions_;  // outlives the channels
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Channels idle_;         // the one used last stands last
  std::size_t open_ = 0;  // connections that idle and leased channels may have
};

}  // namespace locket::inline v1::http
