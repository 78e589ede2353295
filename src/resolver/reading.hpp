#pragma once

#include <vector>

#include <locket/call.hpp>
#include <locket/secret.hpp>

#include "resolver/binding.hpp"
#include "resolver/plan.hpp"
#include "resolver/shape.hpp"

namespace locket::inline v1::resolver {

/// What came for each slot of a plan; views lead into the secrets, and into the plan's defaults.
struct Reading {
  std::vector<Shaped> values = {};
  std::vector<Secret> secrets = {};
};

/// Reads the secrets of `slots`, which are of one store, in one get_many, and makes of them what the references say.
/// What goes wrong becomes the plan's problem.
void read(Plan& plan, const Binding& binding, SecretStore& store, const std::vector<std::size_t>& slots,
          const Call& call, Reading& reading);

/// Reads all slots of a plan.
Reading read(Plan& plan, const Binding& binding, const Call& call);

/// A field's error in the words of the resolver: `names` are told only of what was put as fields.
ErrorDetails no_field(const std::string& field, const std::vector<std::string>& names);

}  // namespace locket::inline v1::resolver
