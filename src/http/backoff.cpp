#include "http/backoff.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace locket::inline v1::http {

std::chrono::milliseconds backoff(const RetryPolicy& policy, std::uint32_t repetition, RandomSource& random) {
  using std::chrono::milliseconds;
  const std::uint32_t doublings = std::min(repetition - 1, 20U);  // a million times the first is beyond any sense
  const milliseconds doubled = std::min(policy.first, policy.longest) * (std::int64_t{1} << doublings);
  const milliseconds most = std::clamp(doubled, milliseconds(0), std::max(policy.longest, milliseconds(0)));
  std::array<std::byte, sizeof(std::uint64_t)> bytes = {};
  if (!random.fill(bytes)) return most;
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  return milliseconds(static_cast<std::int64_t>(number % (static_cast<std::uint64_t>(most.count()) + 1)));
}

}  // namespace locket::inline v1::http
