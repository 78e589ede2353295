#include "upkeep.hpp"

#include <utility>

#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

// What a policy's refusal looks like, in all versions of Vault and OpenBao: a list of one. A token that is unknown,
// expired or missing gets the bare words, or a list of two.
constexpr std::string_view by_policy = "1 error occurred:\n\t* permission denied";

Ask lookup_self() {
  return {.path = "auth/token/lookup-self"};
}

}  // namespace

Result<std::optional<TokenLife>> renew(const Upkeep& upkeep, const TokenLife& life, const Call& call) {
  const Ask ask{.method = http::Method::Post,
                .path = "auth/token/renew-self",
                .body = "{}",
                .purpose = http::Purpose::IdempotentWrite};
  auto answer = upkeep.server.send(ask, upkeep.token.expose(), call);
  if (!answer) return std::move(answer).error();
  if (!answer->ok()) return std::optional<TokenLife>();
  const auto auth = answer->root()["auth"];
  const auto lifetime = lifetime_of(auth["lease_duration"]);
  if (!lifetime) return malformed(ask, answer->status, "a renewal without a lease");
  const bool renewable = auth["renewable"].boolean().value_or(false);
  return std::optional(life_of_renewal(life, *lifetime, renewable, upkeep.since, upkeep.jitter));
}

Result<TokenLife> look_up(const Upkeep& upkeep, const Call& call) {
  auto answer = upkeep.server.send(lookup_self(), upkeep.token.expose(), call);
  if (!answer) return std::move(answer).error();
  const auto data = answer->root()["data"];
  const auto lifetime = lifetime_of(data["ttl"]);
  const bool is_limited = data["num_uses"].integer().value_or(0) != 0;
  const bool ends = data["expire_time"].is(http::Json::Kind::String);
  // Not allowed to ask, root's, or not to be renewed: it is used as it is until Vault refuses it.
  if (!answer->ok() || is_limited || !ends || !lifetime || !data["renewable"].boolean().value_or(false)) {
    return TokenLife();
  }
  // Less than a second is told as none.
  return TokenLife{
      .step = Step::Renew, .next = upkeep.since + before_renewal(*lifetime, upkeep.jitter), .granted = *lifetime};
}

bool refused_by_policy(const Answer& answer) {
  return answer.status == 403 && answer.says(by_policy);
}

Result<bool> is_known(Server& server, const SecretValue& token, const Call& call) {
  const Ask ask = lookup_self();
  auto answer = server.send(ask, token.expose(), call);
  if (!answer) return std::move(answer).error();
  if (answer->ok()) return true;
  if (answer->status == 403) return refused_by_policy(*answer);
  return failure_of(ask, *answer);
}

}  // namespace locket::inline v1::vault
