#include <locket/resolver/live_config.hpp>

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "core/fork.hpp"
#include "resolver/config_notices.hpp"

namespace locket::inline v1 {

struct LiveConfig::State {
  using Watcher = std::shared_ptr<Subscription::State>;
  using Notice = Subscription::State::Notice;
  enum class Asked : std::uint8_t { ByCaller, ByClock };

  State(std::string file, Resolver with, LiveOptions how, Config first)
      : path(std::move(file)),
        resolver(std::move(with)),
        options(std::move(how)),
        current(std::move(first)),
        last_read(options.clock->steady()) {}

  Result<ConfigChanges> read(Asked asked, const Call& call);
  Result<ConfigChanges> read_if(bool due_only, Asked asked, const Call& call, std::vector<Watcher>& told);
  std::vector<Watcher> note(const Notice& notice);
  Clock::Steady due();

  const std::string path;
  const Resolver resolver;
  const LiveOptions options;
  const std::uint32_t epoch = process_epoch();

  std::mutex reading;  // one reading at a time; held during I/O, never while a watcher is called
  std::mutex mutex;    // for what follows; nothing slow is done under it
  Config current;
  Clock::Steady last_read;
  std::vector<std::weak_ptr<Subscription::State>> watchers;
};

Result<ConfigChanges> LiveConfig::State::read(Asked asked, const Call& call) {
  if (process_epoch() != epoch) {
    return Error({.code = ErrorCode::Unavailable,
                  .reason = "config.forked",
                  .message = "the configuration was loaded by the parent process",
                  .hint = "load it anew in the child",
                  .retryable = false});
  }
  std::vector<Watcher> told;
  auto changes = read_if(asked == Asked::ByClock, asked, call, told);
  for (const Watcher& watcher : told) watcher->tell();
  return changes;
}

// Notices are noted in the order of the readings, and told without a lock.
Result<ConfigChanges> LiveConfig::State::read_if(bool due_only, Asked asked, const Call& call,
                                                 std::vector<Watcher>& told) {
  const std::lock_guard one_at_a_time(reading);
  if (due_only && options.clock->steady() < due()) return ConfigChanges();
  auto loaded = Config::load(path, resolver, options.config, call);
  {
    const std::lock_guard lock(mutex);
    last_read = options.clock->steady();
  }
  if (!loaded) {
    const bool tell = asked == Asked::ByClock && !call.stop.stop_requested();
    if (tell) {
      told = note([error = loaded.error()](const ConfigWatcher& watcher) {
        if (watcher.on_error) watcher.on_error(error);
      });
    }
    return std::move(loaded).error();
  }
  auto changes = ConfigChanges::between(current, *loaded);
  {
    const std::lock_guard lock(mutex);
    current = *loaded;
  }
  if (!changes.empty()) {
    told = note([now = *loaded, changes](const ConfigWatcher& watcher) {
      if (watcher.on_change) watcher.on_change(now, changes);
    });
  }
  return changes;
}

std::vector<LiveConfig::State::Watcher> LiveConfig::State::note(const Notice& notice) {
  const std::lock_guard lock(mutex);
  std::vector<Watcher> told;
  std::erase_if(watchers, [&](const std::weak_ptr<Subscription::State>& each) {
    const Watcher watcher = each.lock();
    if (watcher == nullptr || !watcher->note(notice)) return true;
    told.push_back(watcher);
    return false;
  });
  return told;
}

Clock::Steady LiveConfig::State::due() {
  const std::lock_guard lock(mutex);
  return last_read + std::chrono::duration_cast<Clock::Steady::duration>(options.interval);
}

LiveConfig::LiveConfig(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

Result<LiveConfig> LiveConfig::load(const std::string& path, const Resolver& resolver, LiveOptions options,
                                    const Call& call) {
  if (options.interval < std::chrono::milliseconds(1) || options.interval > std::chrono::days(366)) {
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "config.options",
                  .message = "the interval is shorter than a millisecond, or longer than 366 days",
                  .hint = "give one of seconds or more, so that the store is not asked without end"});
  }
  if (options.clock == nullptr) options.clock = system_clock();
  auto config = Config::load(path, resolver, options.config, call);
  if (!config) return std::move(config).error();
  return LiveConfig(std::make_shared<State>(path, resolver, std::move(options), std::move(*config)));
}

Config LiveConfig::current() const {
  const std::lock_guard lock(state_->mutex);
  return state_->current;
}

Result<ConfigChanges> LiveConfig::reload(const Call& call) const {
  return state_->read(State::Asked::ByCaller, call);
}

Result<ConfigChanges> LiveConfig::poll(const Call& call) const {
  return state_->read(State::Asked::ByClock, call);
}

Clock::Steady LiveConfig::due() const {
  return state_->due();
}

// What a poll finds, the watchers hear.
void LiveConfig::run(const std::stop_token& stop) const {
  while (state_->options.clock->wait_until(due(), stop)) {
    const auto told = poll({.stop = stop});
    if (!told && told.error().reason() == "config.forked") return;
  }
}

Subscription LiveConfig::watch(ConfigWatcher watcher) const {
  auto state = std::make_shared<Subscription::State>(std::move(watcher));
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->watchers, [](const std::weak_ptr<Subscription::State>& each) { return each.expired(); });
  state_->watchers.push_back(state);
  return Subscription(std::move(state));
}

}  // namespace locket::inline v1
