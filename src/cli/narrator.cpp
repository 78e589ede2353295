#include "narrator.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <span>

#include <fmt/format.h>

#include <locket/decorators/intercepting_store.hpp>

#include "output.hpp"

namespace locket::cli {
namespace {

using Steady = std::chrono::steady_clock;

std::string_view in_words(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::ExpiredServed: return "an expired value was released";
    case Event::Kind::Changed: return "changed";
    case Event::Kind::Login: return "login";
    case Event::Kind::Retry: return "retry";
    case Event::Kind::BreakerOpened: return "the endpoint is left alone for a while";
    case Event::Kind::BreakerClosed: return "the endpoint answers again";
    case Event::Kind::RefreshFailed: return "refreshing failed";
    case Event::Kind::StaleServed: return "an older value was released";
  }
  return "event";
}

class EventNarrator final : public Observer {
 public:
  void on_event(const Event& event) noexcept override {
    Output::raw(fmt::format("[{}] {}{}{}: {}\n", event.store, in_words(event.kind), event.name.empty() ? "" : " ",
                            event.name, event.error == nullptr ? "ok" : event.error->message()));
  }
};

class Narrator final : public InterceptingStore {
 public:
  using InterceptingStore::InterceptingStore;

 private:
  Result<void> before(const Operation& operation, const Call&) override {
    const std::scoped_lock lock(mutex_);
    begun_[operation.id] = Steady::now();
    return {};
  }

  Result<void> after(std::span<const Outcome> outcomes, const Call&) override {
    const std::scoped_lock lock(mutex_);
    for (const Outcome& outcome : outcomes) {
      const auto begun = begun_.extract(outcome.operation.id);
      const std::chrono::duration<double, std::milli> took = Steady::now() - begun.mapped();
      Output::raw(fmt::format("[{}] {}{}{}: {} ({:.1f} ms)\n", describe(), to_string(outcome.operation.kind),
                              outcome.operation.name.empty() ? "" : " ", outcome.operation.name,
                              outcome.error == nullptr ? "ok" : to_string(outcome.error->code()), took.count()));
    }
    return {};
  }

  std::mutex mutex_;
  std::map<std::uint64_t, Steady::time_point> begun_;
};

}  // namespace

std::shared_ptr<SecretStore> narrated(std::shared_ptr<SecretStore> inner) {
  return std::make_shared<Narrator>(std::move(inner));
}

std::shared_ptr<Observer> event_narrator() {
  return std::make_shared<EventNarrator>();
}

}  // namespace locket::cli
