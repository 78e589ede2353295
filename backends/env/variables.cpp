#include "variables.hpp"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "core/environment.hpp"
#include "core/printable.hpp"
#include "dotenv.hpp"
#include "file.hpp"

namespace locket::inline v1::env {
namespace {

constexpr std::size_t max_file_size = std::size_t{1} << 20U;

// The first one stays: the environment before the file, and of two in the environment the one that getenv finds.
void add(Variables& variables, const Naming& naming, std::string_view variable, std::string_view value) {
  auto name = naming.name(variable);
  if (!name) return;
  variables.held.emplace(variable, Variables::Held{.name = *name, .secret = Secret(SecretData::bytes(value))});
}

void add_environment(Variables& variables, const Naming& naming) {
  for_each_variable([&](std::string_view variable, std::string_view value) {
    if (naming.is_unaddressable(variable)) variables.unaddressable.insert(printable(variable));
    add(variables, naming, variable, value);
  });
}

// What no name means is not told of a file: it may be a line of a secret that was not quoted.
Result<void> add_file(Variables& variables, const Naming& naming, const std::string& file) {
  auto entries = read_dotenv(file);
  if (!entries) return std::move(entries).error();
  for (const DotenvEntry& entry : *entries) add(variables, naming, entry.variable, entry.value.expose());
  return {};
}

}  // namespace

Result<std::vector<DotenvEntry>> read_dotenv(const std::string& path) {
  auto text = read_file(path, max_file_size);
  if (!text) return std::move(text).error();
  return parse_dotenv(text->view(), path);
}

Result<Variables> read_variables(const Naming& naming, const std::string& file) {
  Variables variables;
  add_environment(variables, naming);
  if (!file.empty()) {
    if (auto added = add_file(variables, naming, file); !added) return std::move(added).error();
  }
  return variables;
}

}  // namespace locket::inline v1::env
