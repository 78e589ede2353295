#include "resolver/binding.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "resolver/reference_parts.hpp"

namespace locket::inline v1::resolver {
namespace {

Wrong no_alias(const std::string& alias, const World& world) {
  std::vector<std::string> known;
  known.reserve(world.options.aliases.size());
  for (const auto& [name, store] : world.options.aliases) known.push_back(name);
  return {.reason = "reference.alias",
          .message = fmt::format("no store has the alias '{}'", alias),
          .hint = known.empty() ? "no alias is configured: write the name alone" : suggestion_hint(alias, known)};
}

Wrong no_store(const World& world) {
  std::string known;
  for (const auto& [name, store] : world.options.aliases) known += (known.empty() ? "" : ", ") + name;
  return {.reason = "reference.alias",
          .message = "there is no store without an alias",
          .hint = "write the alias of a store before the name, as alias://name; known are: " + known};
}

class Binder {
 public:
  Binder(Plan& plan, const World& world, Binding& binding) : plan_(plan), world_(world), binding_(binding) {}

  Bound bind(std::size_t slot) {
    SecretStore* store = store_of(slot);
    if (store == nullptr) return {};
    const auto name = name_of(slot);
    return name ? Bound{.store = store, .name = name} : Bound{};
  }

 private:
  SecretStore* store_of(std::size_t slot) {
    const std::string& alias = plan_.slots[slot].reference.alias;
    if (alias.empty()) {
      if (world_.store == nullptr) plan_.add_problem(slot, no_store(world_));
      return world_.store.get();
    }
    const auto found = world_.options.aliases.find(alias);
    if (found != world_.options.aliases.end()) return found->second.get();
    plan_.add_problem(slot, no_alias(alias, world_));
    return nullptr;
  }

  std::optional<NameView> name_of(std::size_t slot) {
    const std::string& name = plan_.slots[slot].reference.name;
    Wrong wrong;
    if (!has_variables(name)) {
      const auto parsed = parse_name(name, wrong);
      if (!parsed) plan_.add_problem(slot, std::move(wrong));
      return parsed;
    }
    std::string expanded;
    if (!expand(name, expanded, wrong, [&](std::string_view key) { return world_.variable(key); })) {
      plan_.add_problem(slot, std::move(wrong));
      return std::nullopt;
    }
    auto made = Name::parse(expanded);
    if (made) return binding_.made.emplace_back(std::move(*made));
    // Name's message would quote a part of the variable, which may be anything.
    plan_.add_problem(slot, Wrong{.reason = made.error().reason(),
                                  .message = "with its variables put in, the name is no name",
                                  .hint = made.error().hint()});
    return std::nullopt;
  }

  Plan& plan_;
  const World& world_;
  Binding& binding_;
};

}  // namespace

Binding bind(Plan& plan, const World& world) {
  Binding binding;
  binding.slots.reserve(plan.slots.size());
  Binder binder(plan, world, binding);
  for (std::size_t slot = 0; slot < plan.slots.size(); ++slot) binding.slots.push_back(binder.bind(slot));
  return binding;
}

void check_names(Plan& plan) {
  for (std::size_t slot = 0; slot < plan.slots.size(); ++slot) {
    Wrong wrong;
    const std::string& name = plan.slots[slot].reference.name;
    if (!has_variables(name) && !parse_name(name, wrong)) plan.add_problem(slot, std::move(wrong));
  }
}

std::vector<std::pair<SecretStore*, std::vector<std::size_t>>> by_store(const Binding& binding) {
  std::vector<std::pair<SecretStore*, std::vector<std::size_t>>> groups;
  for (std::size_t slot = 0; slot < binding.slots.size(); ++slot) {
    SecretStore* store = binding.slots[slot].store;
    if (store == nullptr) continue;
    auto group = std::ranges::find(groups, store, [](const auto& each) { return each.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {store, {}});
    group->second.push_back(slot);
  }
  return groups;
}

}  // namespace locket::inline v1::resolver
