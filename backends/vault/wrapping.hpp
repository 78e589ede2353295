#pragma once

#include <chrono>
#include <string_view>

#include <locket/backends/vault_leases.hpp>
#include <locket/call.hpp>
#include <locket/result.hpp>

#include "client.hpp"
#include "lease_requests.hpp"

/// Response wrapping; see Leases for what each does.
namespace locket::inline v1::vault {

Result<Wrapped> wrap(Client& client, std::string_view path, std::chrono::seconds ttl, const Call& call);
Result<Wrapped> wrap(Client& client, const SecretData& data, std::chrono::seconds ttl, const Call& call);
Result<Leased> unwrap(Client& client, const SecretValue& token, std::string_view path, const Clock& clock,
                      const Call& call);

}  // namespace locket::inline v1::vault
