#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include <locket/resolver/live_config.hpp>

namespace locket::inline v1 {

/// One watcher, and what it has not heard yet. It is called with nothing locked, one call at a time, in order.
struct Subscription::State : std::enable_shared_from_this<Subscription::State> {
  /// What it is told.
  using Notice = std::function<void(const ConfigWatcher&)>;

  explicit State(ConfigWatcher told) : watcher_(std::move(told)) {}

  /// Notes something to tell; false when the subscription has ended.
  bool note(Notice notice);
  /// Has the executor tell what was noted, unless that is under way.
  void tell();
  void end() noexcept;

 private:
  void tell_all() noexcept;
  bool take(Notice& notice);
  void done();

  const ConfigWatcher watcher_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<Notice> notices_;
  std::thread::id calling_;  ///< the thread that is in the watcher's code
  bool telling_ = false;     ///< the executor has been asked
  bool ended_ = false;
};

}  // namespace locket::inline v1
