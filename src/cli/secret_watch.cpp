#include "secret_watch.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>

#include <unistd.h>

#include "failure.hpp"
#include "when.hpp"

namespace locket::cli {
namespace {

// A day: more is not watching.
constexpr std::int64_t most_milliseconds = 86'400'000;

std::vector<Variable> copy_of(const std::vector<Variable>& variables) {
  std::vector<Variable> copy;
  copy.reserve(variables.size());
  for (const auto& [name, value, place] : variables)
    copy.push_back({.name = name, .value = value.clone(), .place = place});
  return copy;
}

bool is_same(const std::vector<Variable>& a, const std::vector<Variable>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Variable& x, const Variable& y) { return x.name == y.name && x.value == y.value; });
}

}  // namespace

SecretWatch::SecretWatch(EnvironmentResolver resolver, Pipe wake, std::chrono::milliseconds interval)
    : resolver_(std::move(resolver)), wake_(std::move(wake)), interval_(interval) {}

// Looking may take as long as a store's own time limits; the stop asks it to give up.
SecretWatch::~SecretWatch() {
  thread_.request_stop();
}

Result<std::unique_ptr<SecretWatch>> SecretWatch::begin(EnvironmentResolver resolver, const ResolvedEnvironment& known,
                                                        std::chrono::milliseconds interval) {
  auto wake = make_pipe();
  if (!wake) return std::move(wake).error();
  do_not_wait(wake->reading.get());
  do_not_wait(wake->writing.get());
  std::unique_ptr<SecretWatch> watch(new SecretWatch(std::move(resolver), std::move(*wake), interval));
  watch->known_ = copy_of(known.variables);
  watch->thread_ = std::jthread([self = watch.get()](const std::stop_token& stop) { self->run(stop); });
  return watch;
}

void SecretWatch::run(const std::stop_token& stop) {
  std::condition_variable_any stopped;
  std::mutex mutex;
  std::unique_lock lock(mutex);
  for (;;) {
    stopped.wait_for(lock, stop, interval_, [] { return false; });
    if (stop.stop_requested()) return;
    look({.stop = stop});
  }
}

void SecretWatch::look(const Call& call) {
  auto seen = resolver_.resolve(call);
  if (!seen) {
    if (call.stop.stop_requested() || seen.error().to_string() == failure_) return;
    failure_ = seen.error().to_string();
    return tell(std::move(seen));
  }
  failure_.clear();
  if (is_same(seen->variables, known_)) return;
  known_ = copy_of(seen->variables);
  tell(std::move(seen));
}

void SecretWatch::tell(News news) {
  {
    const std::scoped_lock lock(mutex_);
    // A change that nobody has seen yet counts for more.
    if (!news && news_ && *news_) return;
    news_.emplace(std::move(news));
  }
  // A full pipe wakes as well.
  if (::write(wake_.writing.get(), "", 1) < 0) return;
}

std::optional<SecretWatch::News> SecretWatch::take() {
  std::array<char, 16> bytes{};
  while (::read(wake_.reading.get(), bytes.data(), bytes.size()) > 0) continue;
  const std::scoped_lock lock(mutex_);
  return std::exchange(news_, std::nullopt);
}

Result<std::chrono::milliseconds> parse_interval(const std::string& text) {
  if (text.ends_with("ms")) {
    std::int64_t count = 0;
    const char* const end = text.data() + text.size() - 2;
    const auto [stop, error] = std::from_chars(text.data(), end, count);
    if (error == std::errc() && stop == end && count >= 1 && count <= most_milliseconds)
      return std::chrono::milliseconds(count);
  }
  auto duration = parse_duration(text);
  if (!duration) return usage(std::move(duration.error().details().message), "write a number and ms, s, m or h: 30s");
  if (*duration <= std::chrono::milliseconds(most_milliseconds)) return *duration;
  return usage("the interval is longer than a day", "write a number and ms, s, m or h: 30s");
}

}  // namespace locket::cli
