#pragma once

#include <memory>
#include <string>
#include <vector>

#include <locket/call.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

#include "environment_document.hpp"
#include "session.hpp"
#include "variable.hpp"

namespace locket::cli {

/// A secret that is in a variable, alone or as a part of its value.
struct VariableSecret {
  std::string variable = {};
  /// As the store holds it, after `decode` and `trim`, before `enc`; also when the variable has it within other text.
  SecretValue value = {};
};

struct ResolvedEnvironment {
  /// Without those whose reference was optional and found nothing.
  std::vector<Variable> variables = {};
  /// What came from a store: neither what stands in plain text nor a reference's default.
  std::vector<VariableSecret> secrets = {};
};

/// Replaces the references in variables. A copy shares the stores.
class EnvironmentResolver {
 public:
  /// Opens nothing yet: each store is opened when a reference needs it, so none when there is no reference. Errors of
  /// choosing one; what is wrong with references and with stores is `resolve`'s to say.
  static Result<EnvironmentResolver> open(const Session& session, std::vector<Variable> variables);

  /// Reads every secret anew, each once. All bad references come in one error with a cause for each, whose place has
  /// the variable's name; so do values with a NUL, which no variable can have (InvalidArgument).
  Result<ResolvedEnvironment> resolve(const Call& call = {}) const;

  bool has_references() const noexcept { return resolver_ != nullptr; }

 private:
  explicit EnvironmentResolver(std::vector<Variable> variables);

  std::shared_ptr<const std::vector<Variable>> variables_;
  std::shared_ptr<const EnvironmentDocument> document_;
  std::shared_ptr<const Resolver> resolver_;
};

}  // namespace locket::cli
