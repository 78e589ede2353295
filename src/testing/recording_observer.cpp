#include <locket/testing/recording_observer.hpp>

#include <algorithm>

namespace locket::inline v1::testing {

void RecordingObserver::on_event(const Event& event) noexcept {
  RecordedEvent recorded{.kind = event.kind, .store = std::string(event.store), .name = std::string(event.name)};
  if (event.error != nullptr) recorded.error = *event.error;
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(recorded));
}

std::vector<RecordedEvent> RecordingObserver::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::size_t RecordingObserver::count(Event::Kind kind) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(events_.begin(), events_.end(), [&](const RecordedEvent& event) { return event.kind == kind; }));
}

void RecordingObserver::clear() {
  const std::lock_guard lock(mutex_);
  events_.clear();
}

}  // namespace locket::inline v1::testing
