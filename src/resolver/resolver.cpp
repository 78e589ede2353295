#include <locket/resolver/resolver.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/alias.hpp"
#include "core/printable.hpp"
#include "resolver/binding.hpp"
#include "resolver/checking.hpp"
#include "resolver/environment.hpp"
#include "resolver/file.hpp"
#include "resolver/hints.hpp"
#include "resolver/plan.hpp"
#include "resolver/reading.hpp"
#include "resolver/rendering.hpp"
#include "resolver/report.hpp"
#include "resolver/world.hpp"

namespace locket::inline v1 {

struct Resolver::Setup : resolver::World {};

namespace {

using resolver::Binding;
using resolver::Document;
using resolver::Format;
using resolver::Plan;
using resolver::Reading;
using resolver::Scope;
using resolver::World;

Error bad_options(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "resolver.options",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Result<void> check_options(const ResolverOptions& options) {
  for (const auto& [alias, store] : options.aliases) {
    if (!is_alias(alias)) {
      return bad_options(fmt::format("'{}' is no alias", printable(alias)),
                         "an alias is a letter, then letters, digits, '-' and '_'");
    }
    if (store == nullptr) {
      return bad_options(fmt::format("the store of the alias '{}' is null", alias), "open it first");
    }
  }
  if (std::ranges::find(options.formats, nullptr) != options.formats.end()) {
    return bad_options("one of the formats is null", "give the formats as json(), dotenv(), text() return them");
  }
  return {};
}

resolver::Variables variables_of(ResolverOptions& options) {
  if (!options.environment) return resolver::process_environment();
  resolver::Variables variables;
  for (const auto& [name, value] : *options.environment) variables.try_emplace(name, value);
  return variables;
}

Result<Plan> bound_plan(const Document& document, const World& world, Scope scope, Binding& binding) {
  auto plan = resolver::make_plan(document, world.options, scope);
  if (plan) binding = resolver::bind(*plan, world);
  return plan;
}

// Everything that is wrong, with what may help.
Error explained(Plan& plan, const Binding& binding, const Call& call) {
  resolver::add_name_hints(plan, binding, call);
  return resolver::report(plan);
}

// A badly written reference is told together with what the stores say of the others.
Result<Reading> filled(Plan& plan, const Binding& binding, const Call& call) {
  Reading reading = resolver::read(plan, binding, call);
  if (!plan.problems.empty()) return explained(plan, binding, call);
  return reading;
}

Result<Resolved> resolve_in(const World& world, const Document& document, const Call& call) {
  Binding binding;
  auto plan = bound_plan(document, world, Scope::Replaced, binding);
  if (!plan) return std::move(plan).error();
  if (plan->scalars.empty()) return Resolved::unchanged(document.text);
  auto reading = filled(*plan, binding, call);
  if (!reading) return std::move(reading).error();
  auto text = resolver::render(*plan, *reading, world.options.max_output);
  if (!plan->problems.empty()) return explained(*plan, binding, call);
  if (!text) return std::move(text).error();
  return Resolved::replaced(std::move(*text));
}

Result<std::vector<ResolvedScalar>> values_in(const World& world, const Document& document, const Call& call) {
  Binding binding;
  auto plan = bound_plan(document, world, Scope::All, binding);
  if (!plan) return std::move(plan).error();
  auto reading = filled(*plan, binding, call);
  if (!reading) return std::move(reading).error();
  return resolver::values_of(*plan, *reading, world.options.max_output);
}

Result<Checked> check_in(const World& world, const Document& document, const Call& call) {
  Binding binding;
  auto plan = bound_plan(document, world, Scope::Replaced, binding);
  if (!plan) return std::move(plan).error();
  const auto unproven = resolver::look_up(*plan, binding, call);
  if (!plan->problems.empty()) return explained(*plan, binding, call);
  return Checked{.references = plan->references, .unproven = resolver::found(*plan, unproven)};
}

}  // namespace

Resolver::Resolver(std::shared_ptr<const Setup> setup) : setup_(std::move(setup)) {}

Result<Resolver> Resolver::create(std::shared_ptr<SecretStore> store, ResolverOptions options) {
  if (store == nullptr) return bad_options("the store is null", "open it first, or use create_for_aliases");
  auto made = std::make_shared<Setup>();
  if (auto good = check_options(options); !good) return std::move(good).error();
  made->variables = variables_of(options);
  made->options = std::move(options);
  made->store = std::move(store);
  return Resolver(std::move(made));
}

Result<Resolver> Resolver::create_for_aliases(ResolverOptions options) {
  if (options.aliases.empty()) return bad_options("there is neither a store nor an alias", "give one alias at least");
  auto made = std::make_shared<Setup>();
  if (auto good = check_options(options); !good) return std::move(good).error();
  made->variables = variables_of(options);
  made->options = std::move(options);
  return Resolver(std::move(made));
}

Result<Resolved> Resolver::resolve(std::string_view text, const Call& call) const {
  return resolve_document(text, *resolver::text(), {}, call);
}

Result<Resolved> Resolver::resolve_document(std::string_view document, const Format& format, std::string_view file,
                                            const Call& call) const {
  return resolve_in(*setup_, {.text = document, .format = &format, .file = file}, call);
}

Result<Resolved> Resolver::resolve_file(const std::string& path, const Call& call) const {
  auto format = format_of(resolver::file_name(path));
  if (!format) return std::move(format).error();
  auto text = resolver::read_file(path, options().max_input);
  if (!text) return std::move(text).error();
  auto resolved = resolve_document(text->view(), **format, path, call);
  if (!resolved || resolved->changed()) return resolved;
  return Resolved::unchanged(std::move(*text).finish());
}

Result<std::vector<ResolvedScalar>> Resolver::resolve_values(std::string_view document, const Format& format,
                                                             std::string_view file, const Call& call) const {
  return values_in(*setup_, {.text = document, .format = &format, .file = file}, call);
}

Result<std::vector<ResolvedScalar>> Resolver::resolve_values_of_file(const std::string& path, const Call& call) const {
  auto format = format_of(resolver::file_name(path));
  if (!format) return std::move(format).error();
  auto text = resolver::read_file(path, options().max_input);
  if (!text) return std::move(text).error();
  return resolve_values(text->view(), **format, path, call);
}

Result<Checked> Resolver::check(std::string_view text, const Call& call) const {
  return check_document(text, *resolver::text(), {}, call);
}

Result<Checked> Resolver::check_document(std::string_view document, const Format& format, std::string_view file,
                                         const Call& call) const {
  return check_in(*setup_, {.text = document, .format = &format, .file = file}, call);
}

Result<Checked> Resolver::check_file(const std::string& path, const Call& call) const {
  auto format = format_of(resolver::file_name(path));
  if (!format) return std::move(format).error();
  auto text = resolver::read_file(path, options().max_input);
  if (!text) return std::move(text).error();
  return check_document(text->view(), **format, path, call);
}

Result<std::vector<FoundReference>> Resolver::references(std::string_view text) const {
  return references(text, *resolver::text());
}

Result<std::vector<FoundReference>> Resolver::references(std::string_view document, const Format& format,
                                                         std::string_view file) const {
  auto plan = resolver::make_plan({.text = document, .format = &format, .file = file}, options(), Scope::Replaced);
  if (!plan) return std::move(plan).error();
  resolver::check_names(*plan);
  if (!plan->problems.empty()) return resolver::report(*plan);
  return resolver::found(*plan);
}

Result<resolver::FormatPtr> Resolver::format_of(std::string_view file_name) const {
  std::string known;
  for (const resolver::FormatPtr& format : options().formats) {
    if (format->names(file_name)) return format;
    known += (known.empty() ? "" : ", ") + std::string(format->name());
  }
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "resolver.format",
                .message = fmt::format("the name of '{}' tells no format", printable(file_name)),
                .hint = fmt::format("known are: {}; give the format with the text, or add it to "
                                    "ResolverOptions::formats",
                                    known)});
}

const ResolverOptions& Resolver::options() const noexcept {
  return setup_->options;
}

}  // namespace locket::inline v1
