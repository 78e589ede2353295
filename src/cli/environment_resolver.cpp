#include "environment_resolver.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "references.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

constexpr std::string_view opener = "$<secret:";
constexpr std::string_view variable_opener = "$<env:";

bool has_reference(const Variable& variable) {
  return variable.value.expose().find(opener) != std::string_view::npos;
}

// What `$<env:NAME>` may mean: the variables that some reference names, with what the program will see.
std::map<std::string, std::string, std::less<>> named_variables(const std::vector<Variable>& variables) {
  std::map<std::string, std::string, std::less<>> named;
  for (const Variable& variable : variables) {
    if (has_reference(variable)) continue;
    const std::string wanted = fmt::format("{}{}>", variable_opener, variable.name);
    const bool is_named = std::any_of(variables.begin(), variables.end(), [&](const Variable& each) {
      return has_reference(each) && each.value.expose().find(wanted) != std::string_view::npos;
    });
    if (is_named) named.emplace(variable.name, variable.value.expose());
  }
  return named;
}

bool has_nul(const SecretValue& value) {
  return value.expose().find('\0') != std::string_view::npos;
}

Error nul_in(const Variable& variable) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "cli.nul",
                .message = "the value holds a NUL byte, which no environment variable can",
                .hint = "let the reference write it as text: enc=base64",
                .place = variable.place});
}

Error nothing_started(ErrorDetails details, std::vector<Error> causes, std::string_view what) {
  details.message = fmt::format("{}, and nothing was started", what);
  details.place.reset();
  return Error(std::move(details), std::move(causes));
}

// The resolver's error about the document, told of the variables as the user gave them.
Error explained(const Error& error, const EnvironmentDocument& document, const std::vector<Variable>& variables) {
  std::vector<Error> causes;
  for (Error cause : error.causes()) {
    const auto variable = document.variable_at(cause.place().value_or(Place()));
    if (!variable) continue;
    cause.details().place = variables[*variable].place;
    causes.push_back(std::move(cause));
  }
  const std::string what = fmt::format("{} cannot be resolved", counted(causes.size(), "reference"));
  return causes.empty() ? error : nothing_started(error.details(), std::move(causes), what);
}

Result<void> check_values(const std::vector<Variable>& variables) {
  std::vector<Error> causes;
  for (const Variable& variable : variables) {
    if (has_nul(variable.value)) causes.push_back(nul_in(variable));
  }
  if (causes.empty()) return {};
  ErrorDetails details = causes.front().details();
  details.hint.clear();
  const std::string what = fmt::format("{} cannot be set", counted(causes.size(), "variable"));
  return nothing_started(std::move(details), std::move(causes), what);
}

SecretValue value_of(ResolvedScalar& scalar) {
  if (auto* resolved = std::get_if<ResolvedValue>(&scalar.content)) return std::move(resolved->value);
  return SecretValue::take(std::move(std::get<std::string>(scalar.content)));
}

bool is_nothing(const ResolvedScalar& scalar) {
  const auto* resolved = std::get_if<ResolvedValue>(&scalar.content);
  return resolved != nullptr && resolved->kind == resolver::Value::Kind::Null;
}

// `scalars` are the document's, in its order, and so are the variables.
ResolvedEnvironment assembled(const std::vector<Variable>& variables, const EnvironmentDocument* document,
                              std::vector<ResolvedScalar> scalars) {
  ResolvedEnvironment environment;
  std::size_t next = 0;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const auto& [name, value, place] = variables[i];
    if (next == scalars.size() || document->entries()[next].variable != i) {
      environment.variables.push_back({.name = name, .value = value.clone(), .place = place});
      continue;
    }
    for (; next < scalars.size() && document->entries()[next].variable == i; ++next) {
      if (is_nothing(scalars[next])) continue;
      if (document->entries()[next].is_secret) {
        environment.secrets.push_back({.variable = name, .value = value_of(scalars[next])});
      } else {
        environment.variables.push_back({.name = name, .value = value_of(scalars[next]), .place = place});
      }
    }
  }
  return environment;
}

}  // namespace

EnvironmentResolver::EnvironmentResolver(std::vector<Variable> variables)
    : variables_(std::make_shared<const std::vector<Variable>>(std::move(variables))) {}

Result<EnvironmentResolver> EnvironmentResolver::open(const Session& session, std::vector<Variable> variables) {
  EnvironmentResolver made(std::move(variables));
  const std::vector<Variable>& all = *made.variables_;
  if (std::none_of(all.begin(), all.end(), has_reference)) return made;
  auto resolver = make_resolver(session, {.environment = named_variables(all)});
  if (!resolver) return std::move(resolver).error();
  const auto document = std::make_shared<EnvironmentDocument>();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!has_reference(all[i])) continue;
    // What cannot be read is told by `resolve`, together with what the stores say of the others.
    const auto references = resolver->references(all[i].value.expose());
    document->add(i, all[i], references ? *references : std::vector<FoundReference>());
  }
  made.resolver_ = std::make_shared<const Resolver>(std::move(*resolver));
  made.document_ = document;
  return made;
}

Result<ResolvedEnvironment> EnvironmentResolver::resolve(const Call& call) const {
  std::vector<ResolvedScalar> scalars;
  if (resolver_ != nullptr) {
    auto resolved = resolver_->resolve_values("", *document_, {}, call);
    if (!resolved) return explained(resolved.error(), *document_, *variables_);
    scalars = std::move(*resolved);
  }
  ResolvedEnvironment environment = assembled(*variables_, document_.get(), std::move(scalars));
  if (auto fit = check_values(environment.variables); !fit) return std::move(fit).error();
  return environment;
}

}  // namespace locket::cli
