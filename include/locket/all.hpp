#pragma once

#include <locket/export.hpp>
#include <locket/registry.hpp>

namespace locket::inline v1 {

/// A registry that knows the URLs of every backend that this locket was built with, `memory:` among them. A program
/// that links only what it uses makes its own: `Registry registry; env::add_schemes(registry);`.
LOCKET_EXPORT Registry default_registry();

}  // namespace locket::inline v1
