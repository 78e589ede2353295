#pragma once

#include <string_view>
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

/// One error for several, with their causes or themselves for causes; of one alone that one. The gravest one's kind.
Error together(std::vector<Error> errors, std::string_view reason);

}  // namespace locket::inline v1::resolver
