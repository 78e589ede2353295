#include "lease_requests.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "auth/request.hpp"
#include "core/printable.hpp"
#include "failure.hpp"
#include "kv_errors.hpp"
#include "kv_values.hpp"
#include "server.hpp"
#include "token_life.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::seconds;

Error no_lease() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.no_lease",
                .message = "there is no lease: nothing was lent",
                .hint = "Vault lends what its dynamic engines make; all else is neither renewed nor revoked"});
}

Error lease_gone() {
  return Error({.code = ErrorCode::Expired,
                .reason = "vault.lease_gone",
                .message = "Vault knows no such lease any more: it has ended, or was revoked",
                .hint = "read the path anew",
                .http_status = 400});
}

Error not_renewable() {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "vault.not_renewable",
                .message = "the lease cannot be renewed",
                .hint = "read the path anew before it ends",
                .http_status = 400});
}

Error not_there(ErrorCode code, std::string reason, std::string message, std::string hint) {
  return Error({.code = code,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint),
                .http_status = 404});
}

Error renewal_failure(const Ask& ask, const Answer& answer) {
  if (answer.says("lease not found") || answer.says("lease expired") || answer.says("invalid lease")) {
    return lease_gone();
  }
  return answer.says("not renewable") ? not_renewable() : rejected(ask, answer);
}

// What Vault writes into `warnings` when a max TTL cuts a renewal short.
bool says_capped(const Answer& answer) {
  return std::ranges::any_of(answer.root()["warnings"].children(), [](const http::Json::Value& warning) {
    return warning.text().find("capped") != std::string_view::npos;
  });
}

}  // namespace

Result<void> check_path(std::string_view path) {
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    if (!check_segment(rest.substr(0, slash), "a segment")) break;
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.path",
                .message = fmt::format("'{}' is no path of Vault's", printable(path)),
                .hint = "write it as `vault read` takes it: aws/creds/deploy"});
}

Result<DynamicLease> lease_in(const Ask& ask, const Answer& answer, Clock::Steady since) {
  const auto id = answer.root()["lease_id"];
  if (!id || id.text().empty()) return DynamicLease{.since = since};
  const auto duration = lifetime_of(answer.root()["lease_duration"]);
  if (!duration) return malformed(ask, answer.status, "a lease without a duration");
  return DynamicLease{.id = std::make_shared<const SecretValue>(id.text()),
                      .since = since,
                      .duration = *duration,
                      .longest = *duration,
                      .renewable = answer.root()["renewable"].boolean().value_or(false)};
}

Moment moment_of(const Clock& clock) {
  return {.steady = clock.steady(), .wall = clock.now()};
}

std::optional<Clock::Wall> expiry_of(const DynamicLease& lease, const Moment& since) {
  if (!lease.id) return std::nullopt;
  return since.wall + std::chrono::duration_cast<Clock::Wall::duration>(lease.ends() - since.steady);
}

Result<Leased> leased_in(const Ask& ask, const Answer& answer, const Moment& since) {
  const auto data = answer.root()["data"];
  if (!data.is(http::Json::Kind::Object)) return malformed(ask, answer.status, "it holds no data");
  auto lease = lease_in(ask, answer, since.steady);
  if (!lease) return std::move(lease).error();
  const auto expires = expiry_of(*lease, since);
  return Leased{.secret = Secret(value_of(data), {}, Metadata{.expires = expires}), .lease = std::move(*lease)};
}

Error nothing_read(const Server& server, const Ask& ask, const Answer& answer) {
  if (answer.status == 405 || answer.says("unsupported operation")) {
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "vault.path",
                  .message = fmt::format("{} cannot be read", ask.path),
                  .hint = "see which path of this engine's gives credentials: `vault path-help MOUNT`",
                  .http_status = answer.status});
  }
  if (answer.status != 404) return rejected(ask, answer);
  if (answer.says("no handler for route")) {
    return not_there(ErrorCode::InvalidArgument, "vault.no_mount",
                     fmt::format("no engine is mounted where {} is", ask.path),
                     "`vault secrets list` shows the mounts of a namespace");
  }
  if (answer.says("namespace not found")) return no_namespace(server.name_space());
  return not_there(ErrorCode::NotFound, "vault.not_found", fmt::format("there is nothing at {}", ask.path),
                   "check the path and its role");
}

Result<DynamicLease> renew(Client& client, const DynamicLease& lease, std::optional<seconds> increment,
                           Clock::Steady now, const Call& call) {
  if (!lease.id) return no_lease();
  if (increment && *increment < seconds(1)) {
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "vault.option",
                  .message = "a lease cannot be renewed for less than a second"});
  }
  const std::string more = increment ? fmt::format("{}s", clamped(*increment).count()) : std::string();
  auto body = json_object({{.name = "lease_id", .text = lease.id->expose()}, {.name = "increment", .text = more}});
  if (!body) return std::move(body).error();
  const Ask ask{.method = http::Method::Post,
                .path = "sys/leases/renew",
                .body = body->view(),
                .purpose = http::Purpose::IdempotentWrite};
  auto answer = client.send(ask, call);
  if (!answer) return std::move(answer).error();
  if (!answer->ok()) return renewal_failure(ask, *answer);
  const auto duration = lifetime_of(answer->root()["lease_duration"]);
  if (!duration) return malformed(ask, answer->status, "a lease without a duration");
  DynamicLease renewed = lease;
  renewed.since = now;
  renewed.duration = *duration;
  renewed.capped = *duration < increment.value_or(lease.longest) || says_capped(*answer);
  renewed.longest = std::max(lease.longest, *duration);
  renewed.renewable = answer->root()["renewable"].boolean().value_or(false);
  return renewed;
}

Ask revocation(std::string_view body) {
  return {.method = http::Method::Post,
          .path = "sys/leases/revoke",
          .body = body,
          .purpose = http::Purpose::IdempotentWrite};
}

Result<SecretBuffer> revocation_body(const DynamicLease& lease, bool wait) {
  if (!lease.id) return no_lease();
  return json_object({{.name = "lease_id", .text = lease.id->expose()}, {.name = "sync", .text = wait ? "true" : ""}});
}

Result<void> revoke(Client& client, const DynamicLease& lease, const Call& call) {
  const auto body = revocation_body(lease, true);
  if (!body) return body.error();
  const Ask ask = revocation(body->view());
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  if (answer->ok()) return {};
  const auto failure = renewal_failure(ask, *answer);
  return failure.reason() == "vault.lease_gone" ? Result<void>() : Result<void>(failure);
}

}  // namespace locket::inline v1::vault
