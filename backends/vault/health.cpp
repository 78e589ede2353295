#include "health.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "client.hpp"
#include "core/printable.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::hours longest_wait(1);

struct State {
  int status;
  std::string_view word;
  std::string_view advice;
};

// The statuses of sys/health, as Vault's documentation has them: here of nodes that serve …
constexpr int active = 200;
constexpr int standby = 429;
constexpr int performance_standby = 473;

bool serves(int status) {
  return status == active || status == standby || status == performance_standby;
}

// … and here of those that do not.
constexpr std::array states{
    State{.status = 472,
          .word = "dr_secondary",
          .advice = "this is a secondary for disaster recovery: give the address of the primary"},
    State{.status = 501, .word = "not_initialized", .advice = "initialize it: vault operator init"},
    State{.status = 503, .word = "sealed", .advice = "unseal it: vault operator unseal"},
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

template <class Question>
Result<void> await(Question question, Clock& clock, milliseconds limit) {
  constexpr milliseconds longest(5'000);
  const auto until = clock.steady() + limit;
  std::optional<Error> last;
  for (milliseconds pause(250);; pause = std::min(2 * pause, longest)) {
    auto health = question(Call{.deadline = until});
    if (health && health->ready) return {};
    Error error = health ? not_ready(*health) : std::move(health).error();
    if (!error.retryable()) return error;
    // That the server is left alone for a while says less than what it did before.
    if (!last || error.reason() != "http.breaker_open") last = std::move(error);
    if (clock.steady() + pause >= until) return std::move(*last);
    clock.wait_until(clock.steady() + pause, {});
  }
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
  if (serves(answer.status) && root["initialized"].boolean() == true && root["sealed"].boolean() == false) {
    const std::string_view role = answer.status == active ? "" : "standby: forwards to the active node; ";
    return Health{
        .ready = true, .state = "ok", .detail = fmt::format("{}version {}", role, printable(root["version"].text()))};
  }
  const auto* const state = std::ranges::find(states, answer.status, &State::status);
  if (state == states.end()) return malformed(ask, answer.status, "a status that sys/health does not have");
  return Health{.ready = false, .state = std::string(state->word), .detail = std::string(state->advice)};
}

Result<Health> ask_health(Client& client, const Call& call) {
  const Ask ask = health_question();
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  return health_of(ask, *answer);
}

Result<void> check_wait(milliseconds limit) {
  if (limit.count() >= 0 && limit <= longest_wait) return {};
  return invalid_option("the time to wait until Vault is ready is not 0 to one hour");
}

Result<void> await_ready(SecretStore& store, milliseconds limit) {
  return await([&](const Call& call) { return store.health(call); }, *store.settings().clock, limit);
}

Result<void> await_ready(Client& client, Clock& clock, milliseconds limit) {
  return await([&](const Call& call) { return ask_health(client, call); }, clock, limit);
}

}  // namespace locket::inline v1::vault
