#include "kv_errors.hpp"

#include <utility>

#include <fmt/format.h>

#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

Error conflict(std::string reason, std::string message, std::string hint) {
  return Error({.code = ErrorCode::Conflict,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error taken_for_wrong(const Ask& ask, const Answer& answer) {
  if (answer.says("Upgrading from non-versioned")) {
    return Error({.code = ErrorCode::Unavailable,
                  .reason = "vault.upgrading",
                  .message = "Vault is upgrading the mount to version 2 (status 400)",
                  .hint = "try again in a moment",
                  .http_status = answer.status});
  }
  return Error(
      {.code = ErrorCode::InvalidArgument,
       .reason = "vault.rejected",
       .message = fmt::format("Vault takes {} {} for wrong (status 400)", http::to_string(ask.method), ask.path),
       .hint = "its audit log says why; its answer is not repeated, for it may quote what was sent",
       .http_status = answer.status});
}

}  // namespace

Error no_secret(NameView name) {
  return Error({.code = ErrorCode::NotFound,
                .reason = "secret.not_found",
                .message = fmt::format("no secret named '{}'", name.text()),
                .hint = "list the names that there are"});
}

Error no_version(NameView name, const Version& version) {
  return Error({.code = ErrorCode::NotFound,
                .reason = "version.not_found",
                .message = fmt::format("there is no version '{}' of a secret '{}'", version.text(), name.text()),
                .hint = "list its versions; Vault drops the oldest when there are too many"});
}

Error deleted(NameView name, bool destroyed) {
  return Error({.code = ErrorCode::Deleted,
                .reason = "secret.deleted",
                .message = fmt::format("this version of '{}' is {}", name.text(), destroyed ? "destroyed" : "deleted"),
                .hint = destroyed ? "put a new value: what is destroyed does not come back"
                                  : "undelete the secret, or put a new value"});
}

Error still_destroyed(NameView name, std::optional<std::uint64_t> readable) {
  Error error = deleted(name, true);
  if (readable) {
    error.details().hint =
        fmt::format("read version {}, or put a new value: what is destroyed does not come back", *readable);
  }
  return error;
}

Error exists_already(NameView name) {
  return conflict("put.exists", fmt::format("a secret named '{}' exists, or is deleted but not purged", name.text()),
                  "put under the condition of its current version, or purge it first");
}

Error too_many_writers(NameView name) {
  return Error({.code = ErrorCode::Conflict,
                .reason = "vault.contention",
                .message = fmt::format("others keep changing '{}'", name.text()),
                .hint = "try again"});
}

Error other_version(NameView name, const Version& expected) {
  return conflict("put.version", fmt::format("version {} of '{}' is not the current one", expected.text(), name.text()),
                  "read the secret again, and decide anew");
}

Error rejected(const Ask& ask, const Answer& answer) {
  if (answer.status != 400) return failure_of(ask, answer);
  return after_earlier(taken_for_wrong(ask, answer), ask, answer);
}

Error with_effect(Error error, Effect effect) {
  error.details().effect = effect;
  return error;
}

Error written_without_metadata(NameView name, const Version& version, Error error) {
  const std::string_view surely = error.effect() == Effect::Unknown ? "perhaps not" : "not";
  error.details().message =
      fmt::format("the value of '{}' was written as version {}, but {} its metadata (an expiry included): {}",
                  name.text(), version.text(), surely, error.message());
  return with_effect(std::move(error), Effect::Applied);
}

}  // namespace locket::inline v1::vault
