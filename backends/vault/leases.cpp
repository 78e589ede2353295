#include <string>
#include <utility>

#include <fmt/format.h>

#include <locket/backends/vault_leases.hpp>

#include "environment.hpp"
#include "health.hpp"
#include "lease_requests.hpp"
#include "session.hpp"
#include "wrapping.hpp"

namespace locket::inline v1::vault {

Leases::Leases(std::unique_ptr<Session> session) noexcept : session_(std::move(session)) {}
Leases::Leases(Leases&&) noexcept = default;
Leases& Leases::operator=(Leases&&) noexcept = default;
Leases::~Leases() = default;

Result<Leases> Leases::open(Options options) {
  if (auto good = check_without_kv(options); !good) return std::move(good).error();
  if (auto good = check_wait(options.wait_ready); !good) return std::move(good).error();
  auto whole = complete(std::move(options));
  if (!whole) return std::move(whole).error();
  auto session = Session::open(*whole, fmt::format("vault {}, leases", whole->address));
  return session ? Result<Leases>(Leases(std::move(*session))) : std::move(session).error();
}

Result<Leased> Leases::read(std::string_view path, const Call& call) {
  return session_->run("read", call, [&]() -> Result<Leased> {
    if (auto good = check_path(path); !good) return std::move(good).error();
    const Ask ask{.path = std::string(path), .max_body = long_answer};
    const Moment since = moment_of(*session_->clock());
    const auto answer = session_->client()->send(ask, call);
    if (!answer) return answer.error();
    if (!answer->ok()) return nothing_read(session_->client()->server(), ask, *answer);
    return leased_in(ask, *answer, since);
  });
}

Result<DynamicLease> Leases::renew(const DynamicLease& lease, std::optional<std::chrono::seconds> increment,
                                   const Call& call) {
  return session_->run("renew", call, [&] {
    return vault::renew(*session_->client(), lease, increment, session_->clock()->steady(), call);
  });
}

Result<void> Leases::revoke(const DynamicLease& lease, const Call& call) {
  return session_->run("revoke", call, [&] { return vault::revoke(*session_->client(), lease, call); });
}

Result<Wrapped> Leases::wrap(std::string_view path, std::chrono::seconds ttl, const Call& call) {
  return session_->run("wrap", call, [&] { return vault::wrap(*session_->client(), path, ttl, call); });
}

Result<Wrapped> Leases::wrap(const SecretData& data, std::chrono::seconds ttl, const Call& call) {
  return session_->run("wrap", call, [&] { return vault::wrap(*session_->client(), data, ttl, call); });
}

Result<Leased> Leases::unwrap(const SecretValue& token, std::string_view path, const Call& call) {
  return session_->run("unwrap", call,
                       [&] { return vault::unwrap(*session_->client(), token, path, *session_->clock(), call); });
}

}  // namespace locket::inline v1::vault
