#include "health.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::milliseconds;

struct State {
  int status;
  std::string_view word;
  std::string_view advice;
};

// The statuses of sys/health, as Vault's documentation has them.
constexpr std::array states{
    State{.status = 429,
          .word = "standby",
          .advice = "this node is on standby: give the address of the active one, or of the load balancer"},
    State{.status = 472,
          .word = "dr_secondary",
          .advice = "this is a secondary for disaster recovery: give the address of the primary"},
    State{.status = 473,
          .word = "performance_standby",
          .advice = "this node is a performance standby: give the address of the active one"},
    State{.status = 501, .word = "not_initialized", .advice = "initialize it: bao operator init"},
    State{.status = 503, .word = "sealed", .advice = "unseal it: bao operator unseal"},
    State{.status = 530,
          .word = "removed",
          .advice = "this node was removed from its cluster: give the address of another one"},
};

Error not_ready(const Health& health) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "vault." + health.state,
                .message = fmt::format("Vault is not ready: {}", health.state),
                .hint = health.detail});
}

}  // namespace

Ask health_question() {
  return {.path = "sys/health", .retry = false, .anonymous = true, .at_root = true, .every_status = true};
}

Result<Health> health_of(const Ask& ask, const Answer& answer) {
  const http::Json::Value root = answer.root();
  const bool vaults = root["initialized"].boolean().has_value() && root["sealed"].boolean().has_value();
  if (!vaults && answer.status >= 500) {
    return Health{.ready = false,
                  .state = "unavailable",
                  .detail = fmt::format("what stands in front of Vault answers {}", answer.status)};
  }
  if (!vaults) return malformed(ask, answer.status, "it tells no state");
  if (answer.status == 200) {
    return Health{.ready = true, .state = "ok", .detail = "version " + printable(root["version"].text())};
  }
  const auto* const state = std::ranges::find(states, answer.status, &State::status);
  if (state == states.end()) return malformed(ask, answer.status, "a status that sys/health does not have");
  return Health{.ready = false, .state = std::string(state->word), .detail = std::string(state->advice)};
}

Result<void> await_ready(SecretStore& store, milliseconds limit) {
  constexpr milliseconds longest(5'000);
  Clock& clock = *store.settings().clock;
  const auto until = clock.steady() + limit;
  for (milliseconds pause(250);; pause = std::min(2 * pause, longest)) {
    auto health = store.health({.deadline = until});
    if (health && health->ready) return {};
    if (!health && !health.error().retryable()) return std::move(health).error();
    if (clock.steady() + pause >= until) return health ? not_ready(*health) : std::move(health).error();
    clock.wait_until(clock.steady() + pause, {});
  }
}

}  // namespace locket::inline v1::vault
