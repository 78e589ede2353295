#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <locket/error.hpp>
#include <locket/export.hpp>
#include <locket/observer.hpp>

namespace locket::inline v1::testing {

/// An Event, kept: it owns what the event borrowed.
struct RecordedEvent {
  Event::Kind kind = Event::Kind::Changed;
  std::string store = {};
  std::string name = {};
  std::optional<Error> error = {};
};

/// Keeps what a store's observer hears, for tests to look at:
///
///     auto observer = std::make_shared<locket::testing::RecordingObserver>();
///     auto store = my_store({.observer = observer});
///     …
///     CHECK(observer->count(locket::Event::Kind::Retry) == 2);
///
/// Thread safety: all methods may be called from any thread at once. Being told out of memory, it ends the program,
/// since an observer must not throw.
class LOCKET_EXPORT RecordingObserver final : public Observer {
 public:
  void on_event(const Event& event) noexcept override;

  /// Everything so far, the oldest first.
  std::vector<RecordedEvent> events() const;
  /// How many of a kind so far.
  std::size_t count(Event::Kind kind) const;
  /// Forgets everything so far.
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<RecordedEvent> events_;
};

}  // namespace locket::inline v1::testing
