#pragma once

#include <locket/call.hpp>

#include "resolver/binding.hpp"
#include "resolver/plan.hpp"

namespace locket::inline v1::resolver {

/// Tells those whose secret does not exist what they probably meant, where the store can list: each store is listed
/// once and not further than some thousand names. When that fails, the hints stay as they are.
void add_name_hints(Plan& plan, const Binding& binding, const Call& call);

}  // namespace locket::inline v1::resolver
