#pragma once

#include <deque>
#include <optional>
#include <vector>

#include <locket/name.hpp>
#include <locket/store.hpp>

#include "resolver/plan.hpp"
#include "resolver/world.hpp"

namespace locket::inline v1::resolver {

/// Which secret of which store each slot means.
struct Bound {
  SecretStore* store = nullptr;  ///< null: a problem was told
  std::optional<NameView> name = {};
};

/// Some names are the slots' own text, some were made here. Valid as long as the plan is.
struct Binding {
  std::vector<Bound> slots = {};
  std::deque<Name> made = {};
};

Binding bind(Plan& plan, const World& world);

/// What `bind` would say of the names alone.
void check_names(Plan& plan);

/// The slots of each store, stores in the order of their first slot.
std::vector<std::pair<SecretStore*, std::vector<std::size_t>>> by_store(const Binding& binding);

}  // namespace locket::inline v1::resolver
