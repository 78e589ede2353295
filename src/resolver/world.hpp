#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <locket/resolver/resolver.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1::resolver {

/// What a resolver was made with. Variables of the environment may be secrets, so they are kept like them.
struct World {
  ResolverOptions options = {};
  std::shared_ptr<SecretStore> store = {};
  std::map<std::string, SecretValue, std::less<>> variables = {};

  std::optional<std::string_view> variable(std::string_view name) const {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second.expose());
  }
};

}  // namespace locket::inline v1::resolver
