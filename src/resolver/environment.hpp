#pragma once

#include <map>
#include <string>

#include <locket/secret_value.hpp>

namespace locket::inline v1::resolver {

using Variables = std::map<std::string, SecretValue, std::less<>>;

/// The variables of this process that a `$<env:VAR>` can name.
Variables process_environment();

}  // namespace locket::inline v1::resolver
