#pragma once

#include <locket/call.hpp>

#include "resolver/binding.hpp"
#include "resolver/plan.hpp"

namespace locket::inline v1::resolver {

/// Tells those whose secret does not exist what they probably meant, where the store can list: from one page of the
/// folder that the name is in, or of the next around it that is not empty, and from few pages for all. When that fails,
/// the hints stay as they are.
void add_name_hints(Plan& plan, const Binding& binding, const Call& call);

}  // namespace locket::inline v1::resolver
