#pragma once

#include <vector>

#include <locket/error.hpp>
#include <locket/resolver/resolver.hpp>

#include "resolver/plan.hpp"

namespace locket::inline v1::resolver {

/// One error for all problems of a plan, of which there is one at least.
Error report(Plan& plan);

/// The given slots of a plan, with their places.
std::vector<FoundReference> found(const Plan& plan, const std::vector<std::size_t>& slots);
/// All of them.
std::vector<FoundReference> found(const Plan& plan);

}  // namespace locket::inline v1::resolver
