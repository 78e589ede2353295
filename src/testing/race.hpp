#pragma once

#include <cstddef>
#include <functional>

#include "testing/trial.hpp"

namespace locket::inline v1::testing {

/// How many threads at once the contract is tried with.
inline constexpr std::size_t threads_at_once = 8;

/// Runs `body(0)`, `body(1)`, … on as many threads, which begin together; returns when all have ended.
void race(Trial& t, std::size_t threads, const std::function<void(std::size_t)>& body);

}  // namespace locket::inline v1::testing
