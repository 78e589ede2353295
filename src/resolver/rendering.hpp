#pragma once

#include <vector>

#include <locket/resolver/resolver.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

#include "resolver/plan.hpp"
#include "resolver/reading.hpp"

namespace locket::inline v1::resolver {

/// The document with its references replaced. LimitExceeded; what a format cannot write becomes the plan's problem, and
/// then the text is of no use.
Result<SecretValue> render(Plan& plan, const Reading& reading, std::size_t max_output);

/// The scalars, each with what it holds now. LimitExceeded.
Result<std::vector<ResolvedScalar>> values_of(Plan& plan, Reading& reading, std::size_t max_output);

}  // namespace locket::inline v1::resolver
