#pragma once

#include <optional>
#include <stop_token>

#include <locket/actor.hpp>
#include <locket/clock.hpp>

namespace locket::inline v1 {

/// Until when a call may take, on the steady clock of the store that is called (see StoreSettings::clock).
using Deadline = Clock::Steady;

/// What accompanies every operation. Everything in it is borrowed for the time of the call; whatever outlives the call
/// (a background refresh) copies what it needs.
struct Call {
  /// On whose behalf; null when the application does not say.
  const Actor* actor = nullptr;
  /// Past it the call returns Timeout. Without one the store's own limits hold.
  std::optional<Deadline> deadline = {};
  /// When triggered, the call returns Cancelled as soon as the store can.
  std::stop_token stop = {};
};

}  // namespace locket::inline v1
