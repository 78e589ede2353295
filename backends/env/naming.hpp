#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/name.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::env {

/// Which variable a name means, and which name a variable is told as; backends/env.hpp has the rules. Many names mean
/// one variable, so the way back leads to the declared name, or, where none are declared, to the plainest.
class Naming {
 public:
  /// InvalidArgument: the prefix or a name is none, or names collide; all collisions are told together.
  static Result<Naming> make(std::string prefix, const std::vector<std::string>& names);

  /// "openai/api_key" → "MYAPP_OPENAI_API_KEY".
  std::string variable(NameView name) const;
  /// None for a variable that is not the store's.
  std::optional<Name> name(std::string_view variable) const;
  /// Whether the variable looks like the store's, and yet no name means it.
  bool is_unaddressable(std::string_view variable) const;
  /// Whether `name` is served, given that its variable is set.
  bool serves(NameView name) const;

  /// The declared names by their variables; empty when every name is served.
  const std::map<std::string, Name, std::less<>>& declared() const noexcept { return declared_; }

 private:
  explicit Naming(std::string prefix) : prefix_(std::move(prefix)) {}
  Result<void> declare(const std::vector<std::string>& names);

  std::string prefix_;
  std::map<std::string, Name, std::less<>> declared_;
};

}  // namespace locket::inline v1::env
