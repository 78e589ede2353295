#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "environment_resolver.hpp"
#include "pipe.hpp"

namespace locket::cli {

/// Reads a program's secrets again and again, on a thread of its own, and tells when one is another than before. The
/// thread ends with the watch.
class SecretWatch {
 public:
  /// What came of one look.
  using News = Result<ResolvedEnvironment>;

  /// `known` is what the program has. Signals must be held, so that none is delivered to the thread.
  static Result<std::unique_ptr<SecretWatch>> begin(EnvironmentResolver resolver, const ResolvedEnvironment& known,
                                                    std::chrono::milliseconds interval);
  SecretWatch(const SecretWatch&) = delete;
  SecretWatch& operator=(const SecretWatch&) = delete;
  ~SecretWatch();

  /// Readable when there are news.
  int news_fd() const noexcept { return wake_.reading.get(); }
  /// A changed environment, or why looking failed: once, until it works again or fails otherwise.
  std::optional<News> take();

 private:
  SecretWatch(EnvironmentResolver resolver, Pipe wake, std::chrono::milliseconds interval);
  void run(const std::stop_token& stop);
  void look(const Call& call);
  void tell(News news);

  EnvironmentResolver resolver_;
  Pipe wake_;
  std::chrono::milliseconds interval_;
  /// The thread's own: what the program has, or was told to get.
  std::vector<Variable> known_ = {};
  std::string failure_ = {};

  std::mutex mutex_;
  std::optional<News> news_ = {};
  std::jthread thread_ = {};
};

/// "30s", "5m", and, finer than other durations, "100ms". InvalidArgument.
Result<std::chrono::milliseconds> parse_interval(const std::string& text);

}  // namespace locket::cli
