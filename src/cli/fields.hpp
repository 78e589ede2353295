#pragma once

#include <string_view>
#include <vector>

#include <locket/secret_data.hpp>

namespace locket::cli {

/// `object`, the JSON object of a secret with fields, with `fields` in the place of its own of those names or behind
/// them; the others keep their types and their order. InvalidArgument when it is no object, or what
/// SecretData::json_object refuses.
Result<SecretData> with_fields(std::string_view object, const std::vector<Field>& fields);

}  // namespace locket::cli
