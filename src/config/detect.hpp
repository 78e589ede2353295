#pragma once

#include <optional>
#include <vector>

#include <locket/config/choice.hpp>

namespace locket::inline v1::config {

/// Everything that LOCKET_STORE=auto can see, in the order of preference. Reads variables, and looks whether files are
/// there; asks no service.
std::vector<Candidate> detect(const Registry& registry, const std::optional<Variables>& variables);

}  // namespace locket::inline v1::config
