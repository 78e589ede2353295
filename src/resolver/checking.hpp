#pragma once

#include <vector>

#include <locket/call.hpp>

#include "resolver/binding.hpp"
#include "resolver/plan.hpp"

namespace locket::inline v1::resolver {

/// Looks up every slot; what is wrong becomes the plan's problem. Returns those whose field could not be looked up.
std::vector<std::size_t> look_up(Plan& plan, const Binding& binding, const Call& call);

}  // namespace locket::inline v1::resolver
