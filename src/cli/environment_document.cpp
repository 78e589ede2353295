#include "environment_document.hpp"

#include <algorithm>

namespace locket::cli {
namespace {

// The secret alone, as the store holds it; nothing where its default would be taken.
Reference bare(Reference reference) {
  reference.fallback = nullptr;
  reference.optional = true;
  reference.encode = Reference::Encoding::None;
  reference.type = Reference::Type::Text;
  return reference;
}

}  // namespace

void EnvironmentDocument::add(std::size_t number, const Variable& variable,
                              const std::vector<FoundReference>& references) {
  entries_.push_back(
      {.variable = number, .scalar = {.path = {variable.name}, .text = std::string(variable.value.expose())}});
  for (std::size_t i = 0; i < references.size(); ++i) {
    entries_.push_back({.variable = number,
                        .is_secret = true,
                        .scalar = {.path = {variable.name, i}, .text = bare(references[i].reference).to_string()}});
  }
}

std::optional<std::size_t> EnvironmentDocument::variable_at(const Place& place) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) {
    return !each.is_secret && resolver::to_string(each.scalar.path) == place.path;
  });
  return found == entries_.end() ? std::nullopt : std::optional(found->variable);
}

Result<std::vector<resolver::Scalar>> EnvironmentDocument::find(std::string_view, const resolver::Wanted&) const {
  std::vector<resolver::Scalar> scalars;
  scalars.reserve(entries_.size());
  for (const Entry& each : entries_) scalars.push_back(each.scalar);
  return scalars;
}

Result<void> EnvironmentDocument::write(std::string_view, const resolver::Scalar&, const resolver::Value& value,
                                        SecretBuffer& out) const {
  out.append(value.text);
  return {};
}

}  // namespace locket::cli
