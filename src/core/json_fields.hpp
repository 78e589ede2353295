#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <locket/result.hpp>
#include <locket/secret_data.hpp>

/// Fields as a JSON object and back. All text stays in the arena: the parser works in place on a copy there, the writer
/// appends to a buffer there. Errors tell the place and never quote the text.
namespace locket::inline v1 {

/// The object's members in their order. InvalidArgument (reason "secret.no_fields") when `json` is not one JSON object
/// in UTF-8, nests deeper than 64, or names a member twice.
Result<std::vector<Field>> parse_fields(std::string_view json);

/// The name that two of them have, none when all differ.
std::optional<std::string_view> first_duplicate(const std::vector<Field>& fields);

/// One JSON object whose members are strings. InvalidArgument, naming the field, when a name or value is not UTF-8.
Result<SecretValue> write_fields(const std::vector<Field>& fields);

}  // namespace locket::inline v1
