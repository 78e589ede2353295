#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <locket/transport.hpp>

#include "http/json.hpp"

namespace locket::inline v1::vault {

/// The most bytes that an answer may have which neither holds values nor lists anything: logins, the life of a token or
/// a lease, the state of the server, what was written. Vault's have a few hundred; a login names the token's policies,
/// and a thousand of those are less than 64 KiB.
constexpr std::size_t short_answer = std::size_t{256} << 10U;
/// As many as the connection allows (TransportOptions::max_body): values, names and histories, which may be long. Of
/// JSON that was written to take memory, a byte takes sixteen.
constexpr std::size_t long_answer = 0;

/// One request to Vault.
struct Ask {
  http::Method method = http::Method::Get;
  /// Below /v1/, as people write it: "secret/data/db/password". Escaped when it is sent, segment by segment, once.
  std::string path = {};
  /// Escaped already, without the question mark: "version=2".
  std::string query = {};
  /// JSON, in memory that is wiped; borrowed for the time of the call.
  std::string_view body = {};
  std::string_view content_type = "application/json";
  /// Whether it may be sent twice; see transport.hpp.
  http::Purpose purpose = http::Purpose::ByMethod;
  /// Whether the transport may send it again at all; without, for health checks.
  bool retry = true;
  /// The most bytes that its answer may have: `short_answer`, `long_answer`, or something between.
  std::size_t max_body = short_answer;
  /// Without a token: nothing logs in for it.
  bool anonymous = false;
  /// Without the namespace: sys/health and sys/seal-status are the whole server's.
  bool at_root = false;
  /// The token of an anonymous one: a wrapping token, which is itself the right to look into it.
  std::string_view wrapping_token = {};
  /// Has Vault keep the answer in a wrapping token for so long, and give that.
  std::optional<std::chrono::seconds> wrap_for = {};
  /// Every status is an answer, with or without JSON: for sys/health, where they tell the server's state.
  bool every_status = false;
};

/// What Vault answered. Move-only.
struct Answer {
  int status = 0;
  /// None: the body was empty, or (only with Ask::every_status) no JSON.
  std::optional<http::Json> body = {};
  std::optional<std::chrono::milliseconds> retry_after = {};
  /// What the server's clock said (Response::date): whether a version is deleted yet is decided by its clock, not ours.
  std::optional<Clock::Wall> date = {};
  /// What attempts before the one that was answered may have done (Response::earlier).
  Effect earlier = Effect::None;

  bool ok() const noexcept { return status >= 200 && status < 300; }
  /// The body, or Absent.
  http::Json::Value root() const noexcept { return body ? body->root() : http::Json::Value(); }
  /// Whether one of the body's `errors` holds `known`. Their texts may repeat what was sent, so they never get into an
  /// error: all that may be done with them is to look for what we know.
  bool says(std::string_view known) const;
};

}  // namespace locket::inline v1::vault
