#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/export.hpp>
#include <locket/resolver/config.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/result.hpp>

namespace locket::inline v1 {

/// Runs what it is given once, soon, on whatever thread it likes: `boost::asio::post`, a GUI's event queue.
using Executor = std::function<void(std::function<void()>)>;

/// How a configuration is kept up to date.
struct LiveOptions {
  ConfigOptions config = {};
  /// How long after one reading `poll` reads again: from a millisecond to 366 days.
  std::chrono::nanoseconds interval = std::chrono::seconds(30);
  /// Null means `system_clock()`.
  std::shared_ptr<Clock> clock = {};
};

/// Who hears of changes. None of these functions may throw.
struct ConfigWatcher {
  /// After each reading that changed something. `now` is that reading's configuration.
  std::function<void(const Config& now, const ConfigChanges& changes)> on_change = {};
  /// After each `poll` (those of `run` too) that failed; the configuration stays as it was. `reload` tells its caller.
  std::function<void(const Error& error)> on_error = {};
  /// Where they are called. Empty: on the thread that reads.
  Executor executor = {};
};

/// Keeps a ConfigWatcher called; ends with its destruction. Thread safety: as a std::unique_ptr; the watcher may end
/// its own subscription.
class LOCKET_EXPORT Subscription {
 public:
  Subscription() noexcept;
  Subscription(Subscription&&) noexcept;
  /// Ends what it held.
  Subscription& operator=(Subscription&& other) noexcept;
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription();

  /// Once it has returned, the watcher is not called any more: it waits for a call that runs on another thread. So the
  /// caller must not hold a lock that the watcher takes. From within the watcher it returns at once.
  void end() noexcept;

 private:
  friend class LiveConfig;
  struct State;
  explicit Subscription(std::shared_ptr<State> state) noexcept;

  std::shared_ptr<State> state_;
};

/// A configuration that can be read again while the program runs. The snapshots that it gives out never change; a
/// reading that fails in anything leaves the last good one in force.
///
///     auto live = locket::LiveConfig::load("app.yaml", *resolver, {.config = {.environment = "production"}});
///     auto watching = live->watch({.on_change = [&](const Config& now, const ConfigChanges&) { pool.reconnect(now); },
///                                  .on_error = [&](const Error& error) { log(error); }});
///     std::jthread polling([live = *live](std::stop_token stop) { live.run(stop); });
///
/// locket starts no thread: a thread of the program calls `run`, or its event loop calls `poll`. Each reading reads the
/// files and all secrets anew; a cache within the store spares it the way to the service.
///
/// A handle: copies are cheap and the same. Thread safety: all methods may be called from any thread at once. Readings
/// come one after another, and each watcher hears of them in that order, one call at a time, with no lock of locket's
/// held: it may call everything here. In a forked child use the snapshots taken before, and load anew.
class LOCKET_EXPORT LiveConfig {
 public:
  /// Errors as Config::load; InvalidArgument (reason "config.options") for a bad interval.
  static Result<LiveConfig> load(const std::string& path, const Resolver& resolver, LiveOptions options = {},
                                 const Call& call = {});

  /// The last good snapshot. Cheap.
  Config current() const;

  /// Reads files and secrets now. Returns what changed, or why the last good snapshot stays; as Config::load, and
  /// Unavailable (reason "config.forked") in a forked child.
  Result<ConfigChanges> reload(const Call& call = {}) const;

  /// Reloads when the interval has passed since the last reading, and else returns no changes at once. For event loops.
  /// Errors are told to the watchers too, unless the call's stop token was triggered.
  Result<ConfigChanges> poll(const Call& call = {}) const;

  /// When the next `poll` is due, on the options' clock.
  Clock::Steady due() const;

  /// Polls whenever it is due until `stop` is triggered. Blocks: give it a thread.
  void run(const std::stop_token& stop) const;

  /// From now on `watcher` is told, until the subscription ends. Keep what this returns.
  [[nodiscard]] Subscription watch(ConfigWatcher watcher) const;

 private:
  struct State;
  explicit LiveConfig(std::shared_ptr<State> state) noexcept;

  std::shared_ptr<State> state_;
};

}  // namespace locket::inline v1
