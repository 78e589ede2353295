#include "database_engine.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <locket/credentials.hpp>

#include "failure.hpp"
#include "kv_errors.hpp"
#include "kv_time.hpp"
#include "lease_requests.hpp"
#include "token_life.hpp"

namespace locket::inline v1::vault {
namespace {

using http::Json;
using std::chrono::seconds;

// Vault rounds the time that is left to whole seconds, and counts the rotation's moment in whole seconds, too: it may
// come one and a half earlier than told.
constexpr seconds rotation_margin(2);

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// What the engine's paths take for a role (framework.GenericNameRegex).
bool is_role(std::string_view name) {
  return is_word(name.front()) && is_word(name.back()) &&
         std::ranges::all_of(name, [](char c) { return is_word(c) || c == '-' || c == '.'; });
}

Error no_role(NameView role, DatabaseRoles kind) {
  const bool dynamic = kind == DatabaseRoles::Dynamic;
  return Error({.code = ErrorCode::NotFound,
                .reason = "vault.no_role",
                .message = fmt::format("there is no {} role '{}'", dynamic ? "dynamic" : "static", role.text()),
                .hint = fmt::format("list the roles; if it is a {0} one, open the store with kind={0}",
                                    dynamic ? "static" : "dynamic")});
}

// Texts, but for those that are not the database's: what it is good for is in the metadata.
Result<SecretData> credentials_in(const Ask& ask, const Answer& answer) {
  std::vector<Field> fields;
  for (const Json::Value& member : answer.root()["data"].children()) {
    if (!member.is(Json::Kind::String) || member.name() == "last_vault_rotation") continue;
    fields.push_back({.name = std::string(member.name()), .value = SecretValue(member.text())});
  }
  if (fields.size() < 2) return malformed(ask, answer.status, "it holds no credentials");
  std::ranges::sort(fields, [](const Field& a, const Field& b) {
    return std::pair(a.name != "username", std::string_view(a.name)) <
           std::pair(b.name != "username", std::string_view(b.name));
  });
  return SecretData::fields(fields);
}

Metadata common_metadata() {
  return {.type = std::string(BasicAuth::type), .provider = "vault"};
}

Result<Held> dynamic_in(const Ask& ask, const Answer& answer, SecretData data, const Moment& since) {
  auto lease = lease_in(ask, answer, since.steady);
  if (!lease) return std::move(lease).error();
  if (!lease->id) return malformed(ask, answer.status, "credentials without a lease");
  if (lease->duration == seconds(0)) return malformed(ask, answer.status, "credentials that have ended already");
  Metadata metadata = common_metadata();
  metadata.expires = expiry_of(*lease, since);
  const auto due = lease->due();
  const auto ends = lease->ends();
  return Held{.secret = Secret(std::move(data), {}, std::move(metadata)),
              .lease = std::move(*lease),
              .issued = since.steady,
              .due = due,
              .ends = ends};
}

Result<Held> static_in(const Ask& ask, const Answer& answer, SecretData data, const Moment& since) {
  const auto told = answer.root()["data"];
  const auto left = lifetime_of(told["ttl"]);
  if (!left) return malformed(ask, answer.status, "it does not say when the password changes");
  const seconds life = std::max(*left - rotation_margin, seconds(0));
  Metadata metadata = common_metadata();
  metadata.last_rotated = parse_moment(told["last_vault_rotation"].text());
  const auto period = lifetime_of(told["rotation_period"]);
  if (period && *period > seconds(0)) metadata.rotation_period = *period;
  if (life > seconds(0)) {
    metadata.expires = since.wall + life;
  } else {
    metadata.status = "rotating";
  }
  // In the last third it is looked at again, and again in the last third of that: an administrator may rotate, too.
  const auto due = since.steady + 2 * Clock::Steady::duration(life) / 3;
  return Held{.secret = Secret(std::move(data), {}, std::move(metadata)),
              .issued = since.steady,
              .due = due,
              .ends = since.steady + life};
}

std::vector<std::string> fields_of(std::string_view credential_type) {
  if (credential_type == "rsa_private_key") return {"username", "rsa_private_key"};
  if (credential_type == "client_certificate") return {};
  return {"username", "password"};
}

}  // namespace

DatabaseEngine::DatabaseEngine(std::shared_ptr<Client> client, std::string mount, DatabaseRoles kind,
                               std::shared_ptr<Clock> clock)
    : client_(std::move(client)), mount_(std::move(mount)), kind_(kind), clock_(std::move(clock)) {}

std::string DatabaseEngine::path(std::string_view what, std::string_view role) const {
  const std::string_view kind = kind_ == DatabaseRoles::Static ? "static-" : "";
  return fmt::format("{}/{}{}{}{}", mount_, kind, what, role.empty() ? "" : "/", role);
}

Error DatabaseEngine::nothing_at(const Ask& ask, const Answer& answer) const {
  if (answer.status != 404 && answer.status != 405) return rejected(ask, answer);
  Error error = nothing_read(client_->server(), ask, answer);
  if (error.code() == ErrorCode::InvalidArgument && error.reason() != "vault.path") return error;
  return no_engine();
}

Error DatabaseEngine::no_engine() const {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.no_mount",
                .message = fmt::format("what is mounted at '{}' is no database engine", mount_),
                .hint = "`vault secrets list` shows the mounts; the mount is the URL's whole path"});
}

// A KV engine that has nothing at a path answers as a database engine without roles. A policy need not allow the
// question, and the token's last use may have gone into the one before.
Result<void> DatabaseEngine::check_mount(const Call& call) const {
  const auto answer = client_->send({.path = "sys/internal/ui/mounts/" + mount_}, call);
  if (!answer) {
    const ErrorCode code = answer.error().code();
    const bool unasked = code == ErrorCode::PermissionDenied || code == ErrorCode::Unauthenticated;
    return unasked ? Result<void>() : answer.error();
  }
  const std::string_view type = answer->root()["data"]["type"].text();
  return type.empty() || type == "database" ? Result<void>() : no_engine();
}

Error DatabaseEngine::failure(NameView role, const Ask& ask, const Answer& answer) const {
  const bool unknown = answer.status == 400 && answer.says("unknown role");
  return unknown ? no_role(role, kind_) : nothing_at(ask, answer);
}

Result<Held> DatabaseEngine::fetch(NameView role, const Call& call) const {
  if (!is_role(role.text())) return no_role(role, kind_);
  auto held = fetch_once(role, call);
  // To the caller this is a read: what a lost answer has made ends by itself.
  if (!held) return with_effect(std::move(held).error(), Effect::None);
  return held;
}

// A dynamic role's read makes a user each time, so it is not sent again when its answer is lost.
Result<Held> DatabaseEngine::fetch_once(NameView role, const Call& call) const {
  const bool makes_user = kind_ == DatabaseRoles::Dynamic;
  const Ask ask{.path = path("creds", role.text()),
                .purpose = makes_user ? http::Purpose::Write : http::Purpose::ByMethod};
  const Moment since = moment_of(*clock_);
  const auto answer = client_->send(ask, call);
  if (!answer) return answer.error();
  if (!answer->ok()) return failure(role, ask, *answer);
  auto data = credentials_in(ask, *answer);
  if (!data) return std::move(data).error();
  return kind_ == DatabaseRoles::Dynamic ? dynamic_in(ask, *answer, std::move(*data), since)
                                         : static_in(ask, *answer, std::move(*data), since);
}

Result<Held> DatabaseEngine::renew(const Held& held, const Call& call) const {
  const Moment since = moment_of(*clock_);
  auto lease = vault::renew(*client_, held.lease, {}, since.steady, call);
  if (!lease) return std::move(lease).error();
  Metadata metadata = held.secret.metadata();
  metadata.expires = expiry_of(*lease, since);
  const auto due = lease->due();
  const auto ends = lease->ends();
  return Held{.secret = Secret(SecretData::stored_fields(held.secret.value().clone()), {}, std::move(metadata)),
              .lease = std::move(*lease),
              .issued = held.issued,
              .due = due,
              .ends = ends};
}

Result<SecretInfo> DatabaseEngine::look_at(NameView role, const Call& call) const {
  if (!is_role(role.text())) return no_role(role, kind_);
  const Ask ask{.path = path("roles", role.text())};
  const auto answer = client_->send(ask, call);
  if (!answer) return answer.error();
  if (answer->status == 404 && answer->root()["errors"].children().empty()) {
    if (auto good = check_mount(call); !good) return std::move(good).error();
    return no_role(role, kind_);
  }
  if (!answer->ok()) return nothing_at(ask, *answer);
  SecretInfo info{.name = Name(role), .metadata = common_metadata()};
  auto fields = fields_of(answer->root()["data"]["credential_type"].text());
  if (!fields.empty()) info.fields = std::move(fields);
  return info;
}

Result<std::vector<std::string>> DatabaseEngine::list(const Call& call) const {
  const Ask ask{.path = path("roles"), .query = "list=true", .max_body = long_answer};
  const auto answer = client_->send(ask, call);
  if (!answer) return answer.error();
  // A list of nothing.
  if (answer->status == 404 && answer->root()["errors"].children().empty()) {
    if (auto good = check_mount(call); !good) return std::move(good).error();
    return std::vector<std::string>();
  }
  if (!answer->ok()) return nothing_at(ask, *answer);
  const auto keys = answer->root()["data"]["keys"];
  if (!keys.is(Json::Kind::Array)) return malformed(ask, answer->status, "it lists nothing");
  std::vector<std::string> roles;
  for (const Json::Value& key : keys.children()) roles.emplace_back(key.text());
  return roles;
}

}  // namespace locket::inline v1::vault
