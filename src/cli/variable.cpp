#include "variable.hpp"

#include <map>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include <locket/backends/env.hpp>

#include "failure.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

class Gatherer {
 public:
  void set(Variable variable) {
    const auto [known, is_new] = places_.try_emplace(variable.name, variables_.size());
    if (is_new) {
      variables_.push_back(std::move(variable));
    } else {
      variables_[known->second] = std::move(variable);
    }
  }

  bool has(const std::string& name) const { return places_.contains(name); }
  std::vector<Variable> taken() { return std::move(variables_); }

 private:
  std::vector<Variable> variables_;
  std::map<std::string, std::size_t> places_;
};

// Of two with one name the first counts, as getenv(3) has it.
void add_own(Gatherer& gathered) {
  for (char* const* each = ::environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view entry(*each);
    const std::size_t equals = entry.find('=', 1);
    if (equals == std::string_view::npos) continue;
    const std::string name(entry.substr(0, equals));
    if (gathered.has(name)) continue;
    gathered.set({.name = name, .value = SecretValue(entry.substr(equals + 1)), .place = {.path = name}});
  }
}

Result<void> add_file(Gatherer& gathered, const std::string& file) {
  auto entries = env::read_dotenv(file == "-" ? "/dev/fd/0" : file);
  if (!entries) return std::move(entries).error();
  for (env::DotenvEntry& entry : *entries) {
    Place place{.file = file, .line = entry.line, .path = entry.variable};
    gathered.set({.name = entry.variable, .value = std::move(entry.value), .place = std::move(place)});
  }
  return {};
}

// Without a '=' the text may be anything, a secret too.
Result<void> add_assignment(Gatherer& gathered, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    return usage("--env wants VAR=REFERENCE", "write --env 'DB_PASSWORD=$<secret:db/password>'");
  }
  const std::string name = assignment.substr(0, equals);
  gathered.set(
      {.name = name, .value = SecretValue(std::string_view(assignment).substr(equals + 1)), .place = {.path = name}});
  return {};
}

}  // namespace

Result<std::vector<Variable>> gather_variables(const std::vector<std::string>& files,
                                               const std::vector<std::string>& assignments) {
  Gatherer gathered;
  add_own(gathered);
  for (const std::string& file : files) {
    if (auto added = add_file(gathered, file); !added) return std::move(added).error();
  }
  for (const std::string& assignment : assignments) {
    if (auto added = add_assignment(gathered, assignment); !added) return std::move(added).error();
  }
  return gathered.taken();
}

EnvironmentBlock::EnvironmentBlock(std::span<const Variable> variables) {
  std::vector<std::size_t> starts;
  for (const Variable& variable : variables) {
    starts.push_back(text_.size());
    text_.append(variable.name);
    text_.push_back('=');
    text_.append(variable.value.expose());
    text_.push_back('\0');
  }
  // Only now does the text stay where it is.
  for (const std::size_t start : starts) pointers_.push_back(text_.data() + start);
  pointers_.push_back(nullptr);
}

}  // namespace locket::cli
