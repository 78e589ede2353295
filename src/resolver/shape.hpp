#pragma once

#include <string_view>

#include <locket/resolver/format.hpp>
#include <locket/resolver/reference.hpp>
#include <locket/secret_value.hpp>

#include "resolver/reference_split.hpp"

/// What the options of a reference make of a value. Values stay in the arena.
namespace locket::inline v1::resolver {

/// "an integer", "JSON": what a type asks for, and what to write to have it.
std::string_view described(Reference::Type type);
std::string described_hint(Reference::Type type);

bool is_of_type(std::string_view text, Reference::Type type);

/// A value as it is written: the bytes are `view`, which is borrowed from the store's answer where nothing had to be
/// made of it, and else from `owned`.
struct Shaped {
  Value::Kind kind = Value::Kind::Text;
  std::string_view view = {};
  SecretValue owned = {};
};

/// decode, trim, type, enc of a value that a store returned.
bool shape(const Reference& reference, Shaped& value, Wrong& wrong);
/// type and enc of the default, whose type is known to be right.
bool shape_fallback(const Reference& reference, Shaped& value, Wrong& wrong);

}  // namespace locket::inline v1::resolver
