#include <locket/backends/vault_leases.hpp>

namespace locket::inline v1::vault {

Clock::Steady DynamicLease::ends() const noexcept {
  return id ? since + duration : never;
}

Clock::Steady DynamicLease::due() const noexcept {
  return id ? ends() - Clock::Steady::duration(longest) / 3 : never;
}

LeaseStep DynamicLease::step(Clock::Steady now) const noexcept {
  if (now < due()) return LeaseStep::None;
  return renewable && !capped && now < ends() ? LeaseStep::Renew : LeaseStep::ReadAnew;
}

}  // namespace locket::inline v1::vault
