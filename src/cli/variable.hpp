#pragma once

#include <span>
#include <string>
#include <vector>

#include <locket/place.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

namespace locket::cli {

/// An environment variable that a program is to be started with.
struct Variable {
  std::string name = {};
  SecretValue value = {};
  /// Where it was given: a file and its line; nothing but the name, as the path, for one of the command line or of this
  /// process's own environment.
  Place place = {};
};

/// What a program gets: this process's own variables, over them those of the `.env` files in their order, over them
/// `assignments` ("VAR=VALUE"). Each once; nothing is resolved yet. A variable that was replaced is gone, whatever it
/// referred to. InvalidArgument: an assignment without a '=' or a name; errors of the files as env::read_dotenv.
/// Reads the environment, which no other thread may change meanwhile.
Result<std::vector<Variable>> gather_variables(const std::vector<std::string>& files,
                                               const std::vector<std::string>& assignments);

/// Variables as execve(2) takes them, in memory that is wiped with it.
class EnvironmentBlock {
 public:
  /// No name or value has a NUL.
  explicit EnvironmentBlock(std::span<const Variable> variables);

  /// Ends with a null; valid as long as the block.
  char* const* data() const noexcept { return pointers_.data(); }

 private:
  SecretBuffer text_ = {};
  std::vector<char*> pointers_ = {};
};

}  // namespace locket::cli
