#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>

#include "naming.hpp"

namespace locket::inline v1::env {

/// What the store holds, by variable: copied once, never changed.
struct Variables {
  struct Held {
    Name name;
    Secret secret;
  };
  std::map<std::string, Held, std::less<>> held = {};
  std::set<std::string> unaddressable = {};
};

/// Copies what belongs to the store from the environment and, where the environment lacks it, from `file`, unless that
/// is empty. The errors of `open`.
Result<Variables> read_variables(const Naming& naming, const std::string& file);

}  // namespace locket::inline v1::env
