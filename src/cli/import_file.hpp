#pragma once

#include <string>
#include <vector>

#include <locket/result.hpp>
#include <locket/secret_data.hpp>

namespace locket::cli {

/// A secret that a file holds.
struct Imported {
  std::string name = {};
  SecretData data = {};
};

/// The variables of a `.env` file, under the names that an `env:` store tells them by: in lower case. InvalidArgument
/// when the file has errors, or a variable that no name means (with a lower-case letter).
Result<std::vector<Imported>> read_env_file(const std::string& path);

/// The members of a JSON object: a text, number or boolean is a value, an object a secret with these fields, whose
/// values are texts, numbers and booleans. InvalidArgument for anything else, with the place.
Result<std::vector<Imported>> read_json_file(const std::string& path);

}  // namespace locket::cli
