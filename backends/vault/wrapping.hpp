#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <locket/backends/vault_leases.hpp>
#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/result.hpp>

#include "client.hpp"
#include "lease_requests.hpp"
#include "server.hpp"

/// Response wrapping; see Leases for what each does.
namespace locket::inline v1::vault {

/// What Vault tells about a wrapping token without opening it.
struct Label {
  /// Of the request whose answer is wrapped.
  std::string path = {};
  /// When, by the server's clock, and what that clock says now, where it does.
  Clock::Wall made = {};
  std::optional<Clock::Wall> now = {};
};
/// Unauthenticated: "vault.wrapped_token" (used before, expired), "vault.credential" (it cannot be one; nothing is
/// sent).
Result<Label> look_at(Server& server, const SecretValue& token, const Call& call);

/// Opens it, once. Unauthenticated (reason "vault.wrapped_token").
Result<Answer> open_wrapping(Server& server, const SecretValue& token, const Call& call);

/// It was not opened, because its label says that something else is in it.
Error other_content();

Result<Wrapped> wrap(Client& client, std::string_view path, std::chrono::seconds ttl, const Call& call);
Result<Wrapped> wrap(Client& client, const SecretData& data, std::chrono::seconds ttl, const Call& call);
Result<Leased> unwrap(Client& client, const SecretValue& token, std::string_view path, const Clock& clock,
                      const Call& call);

}  // namespace locket::inline v1::vault
