#pragma once

#include <cstdint>
#include <string_view>

#include <locket/error.hpp>
#include <locket/export.hpp>

namespace locket::inline v1 {

/// Something that a store did and that its operator may want to know. Never holds a value or a token. The text is
/// borrowed for the time of the call.
struct Event {
  enum class Kind : std::uint8_t {
    ExpiredServed,  ///< An expired value was released because enforcement is off.
    Changed,        ///< The store noticed that a secret's value is another one.
    Login,          ///< A backend logged in; `error` is set when it failed.
    Retry,          ///< A request is made once more; `error` says why.
    BreakerOpened,  ///< An endpoint failed too often and is left alone for a while.
    BreakerClosed,  ///< It answers again.
    RefreshFailed,  ///< A cached value, or a certificate's file that changed, could not be read anew; `error` says why.
    StaleServed,    ///< A value past its time was released, as configured.
  };
  Kind kind = Kind::Changed;
  /// The store, as its `describe()` says.
  std::string_view store = {};
  /// The secret, empty where the event is about the store.
  std::string_view name = {};
  /// Why, where there is a reason; else null.
  const Error* error = nullptr;
};

/// Hears events. Called on the thread where the event happens, without any lock of locket's held; it must not throw,
/// and should not block: the call that it interrupts waits. Thread safety: may be called from any thread at once.
class LOCKET_EXPORT Observer {
 public:
  virtual ~Observer();
  virtual void on_event(const Event& event) noexcept = 0;

 protected:
  Observer() = default;
  Observer(const Observer&) = default;
  Observer& operator=(const Observer&) = default;
};

}  // namespace locket::inline v1
