#pragma once

#include <chrono>
#include <cstdint>

#include <locket/random.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::http {

/// How long to wait before the n-th repetition (from 1): a random time between 0 and min(`longest`, `first` · 2^(n-1)),
/// so that those who failed together do not come back together ("full jitter"). Without random bytes, all of it.
std::chrono::milliseconds backoff(const RetryPolicy& policy, std::uint32_t repetition, RandomSource& random);

}  // namespace locket::inline v1::http
