#include "resolver/reading.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "core/printable.hpp"
#include "resolver/json_text.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_fields_told = 20;

// One slot's way from what the store answered to what is written.
class Filler {
 public:
  Filler(Plan& plan, std::size_t slot, Shaped& value)
      : plan_(plan), slot_(slot), reference_(plan.slots[slot].reference), value_(value) {}

  void fill(const Secret& secret) {
    value_.view = secret.value().expose();
    if (!reference_.field.empty() && !take_field(secret)) return;
    Wrong wrong;
    if (!shape(reference_, value_, wrong)) plan_.add_problem(slot_, std::move(wrong));
  }

  void fail(const Error& error) {
    if (error.code() == ErrorCode::NotFound) return missing(error.details(), true);
    plan_.add_problem(slot_, error.details());
  }

 private:
  bool take_field(const Secret& secret) { return reference_.field.starts_with('/') ? follow(secret) : member(secret); }

  bool member(const Secret& secret) {
    auto value = secret.field(reference_.field);
    if (value) return own(std::move(*value));
    if (value.error().code() == ErrorCode::NotFound) return lacks_field(secret);
    plan_.add_problem(slot_, value.error().details());
    return false;
  }

  bool follow(const Secret& secret) {
    SecretValue value;
    switch (follow_pointer(secret.value().expose(), reference_.field, value)) {
      case Pointed::Found: return own(std::move(value));
      case Pointed::Missing: return lacks_field(secret);
      case Pointed::Ambiguous:
        plan_.add_problem(slot_, Wrong{.reason = "secret.no_fields",
                                       .message = "the value's JSON names a member on the pointer's way twice",
                                       .hint = "store an object whose members differ"});
        return false;
      case Pointed::NoJson: break;
    }
    plan_.add_problem(slot_, Wrong{.reason = "secret.no_fields",
                                   .message = "the value is no JSON, so a JSON pointer finds nothing in it",
                                   .hint = "remove the field to have the whole value"});
    return false;
  }

  // Of bytes that happen to be a JSON object the members' names are a part of the value, and are not told.
  bool lacks_field(const Secret& secret) {
    std::vector<std::string> names;
    if (secret.kind() == SecretData::Kind::Fields) {
      if (auto told = secret.field_names()) names = std::move(*told);
    }
    missing(no_field(reference_.field, names), false);
    return false;
  }

  bool own(SecretValue value) {
    value_.owned = std::move(value);
    value_.view = value_.owned.expose();
    return true;
  }

  // Not there: the one case for which defaults are.
  void missing(ErrorDetails details, bool no_such_secret) {
    value_ = {};
    if (reference_.optional) {
      value_.kind = Value::Kind::Null;
    } else if (reference_.fallback) {
      value_.view = reference_.fallback->expose();
      Wrong wrong;
      if (!shape_fallback(reference_, value_, wrong)) plan_.add_problem(slot_, std::move(wrong));
    } else {
      plan_.add_problem(slot_, std::move(details), no_such_secret);
    }
  }

  Plan& plan_;
  std::size_t slot_;
  const Reference& reference_;
  Shaped& value_;
};

std::string fields_hint(const std::string& field, const std::vector<std::string>& names) {
  if (names.empty()) return "look up how its fields are called, or give a default behind '|'";
  std::vector<std::string> told;
  for (std::size_t i = 0; i < std::min(names.size(), max_fields_told); ++i) told.push_back(printable(names[i]));
  if (names.size() > told.size()) told.emplace_back("...");
  if (!field.starts_with('/')) return suggestion_hint(field, told);
  return suggestion_hint("", told);
}

}  // namespace

ErrorDetails no_field(const std::string& field, const std::vector<std::string>& names) {
  return {.code = ErrorCode::NotFound,
          .reason = "secret.no_field",
          .message = fmt::format("the secret has no field '{}'", printable(field)),
          .hint = fields_hint(field, names)};
}

void read(Plan& plan, const Binding& binding, SecretStore& store, const std::vector<std::size_t>& slots,
          const Call& call, Reading& reading) {
  std::vector<GetRequest> requests;
  requests.reserve(slots.size());
  for (const std::size_t slot : slots) {
    requests.push_back({.name = *binding.slots[slot].name, .options = {.which = plan.slots[slot].reference.which}});
  }
  auto answers = store.get_many(requests, call);
  reading.secrets.reserve(reading.secrets.size() + slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Filler filler(plan, slots[i], reading.values[slots[i]]);
    if (answers[i]) {
      filler.fill(reading.secrets.emplace_back(std::move(*answers[i])));
    } else {
      filler.fail(answers[i].error());
    }
  }
}

Reading read(Plan& plan, const Binding& binding, const Call& call) {
  Reading reading;
  reading.values.resize(plan.slots.size());
  for (const auto& [store, slots] : by_store(binding)) read(plan, binding, *store, slots, call, reading);
  return reading;
}

}  // namespace locket::inline v1::resolver
