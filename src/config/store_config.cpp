#include <locket/config/store_config.hpp>

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "config/contents.hpp"
#include "config/file.hpp"
#include "config/lazy_store.hpp"
#include "config/naming.hpp"
#include "config/outside.hpp"
#include "core/alias.hpp"
#include "core/printable.hpp"

namespace locket::inline v1::config {
namespace {

template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  names.reserve(map.size());
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

Result<Node> parse_tree(std::string_view text, Format format) {
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    return syntax_error("the file holds a NUL byte", "save it as text in UTF-8", position_of(text, nul));
  }
  return format == Format::Json ? parse_json(text) : parse_toml(text);
}

// The environment in force, where it is chosen outside the file.
std::optional<std::string> environment_from_outside(const Contents& contents, const LoadOptions& options,
                                                    Problems& problems) {
  const bool by_caller = !options.environment.empty();
  auto name = by_caller ? std::optional(options.environment) : variable(options.variables, "LOCKET_ENVIRONMENT");
  if (!name || contents.environments.contains(*name)) return name;
  const auto known = names_of(contents.environments);
  problems.add_to_file("environments", "config.environment",
                       fmt::format("there is no environment {}, which {}", quoted(*name),
                                   by_caller ? "is asked for" : "$LOCKET_ENVIRONMENT names"),
                       known.empty() ? "write a table [environments.NAME]" : suggestion_hint(*name, known));
  return name;
}

// The file's own, with the environment's in place of those with the same names.
Scope in_force(Contents contents, const std::optional<std::string>& environment) {
  Scope scope = std::move(contents.base);
  if (!environment) return scope;
  Scope& own = contents.environments[*environment];
  if (own.default_alias) scope.default_alias = std::move(own.default_alias);
  for (auto& [alias, store] : own.stores) scope.stores[alias] = std::move(store);
  return scope;
}

}  // namespace

Result<StoreConfig> StoreConfig::load(const std::string& path, const LoadOptions& options) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  return parse(text->view(), path.ends_with(".json") ? Format::Json : Format::Toml, path, options);
}

Result<StoreConfig> StoreConfig::parse(std::string_view text, Format format, const std::string& file,
                                       const LoadOptions& options) {
  Problems problems(printable(file));
  auto tree = parse_tree(text, format);
  Contents contents;
  std::optional<std::string> environment;
  if (tree) {
    contents = read_contents(*tree, options, problems);
    environment = environment_from_outside(contents, options, problems);
    if (!environment) environment = contents.environment;
  } else {
    problems.add_syntax(std::move(tree).error());
  }
  if (auto error = std::move(problems).finish()) return std::move(*error);

  StoreConfig config;
  Scope scope = in_force(std::move(contents), environment);
  config.file_ = file;
  config.environment_ = environment.value_or("");
  config.default_alias_ = std::move(scope.default_alias);
  config.stores_ = std::move(scope.stores);
  return config;
}

Result<ConfiguredStore> StoreConfig::find(std::string_view alias) const {
  if (const auto found = stores_.find(alias); found != stores_.end()) return found->second;
  const bool may_be_told = is_alias(alias);
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "config.no_store",
                .message = may_be_told ? fmt::format("the configuration file has no store {}", quoted(alias))
                                       : "the store is neither a URL nor an alias",
                .hint = stores_.empty() ? "write a table [stores.NAME] with the url, or give a URL"
                                        : suggestion_hint(may_be_told ? alias : "", names_of(stores_)),
                .place = Place{.file = printable(file_)}});
}

Result<std::shared_ptr<SecretStore>> StoreConfig::open(const Registry& registry, std::string_view alias_or_url,
                                                       const StoreSettings& settings) const {
  if (is_url(alias_or_url)) return registry.open(alias_or_url, settings);
  auto found = find(alias_or_url);
  if (!found) return std::move(found).error();
  auto store = registry.open(found->url, settings);
  if (!store && !store.error().place()) store.error().details().place = found->place;
  return store;
}

std::map<std::string, std::shared_ptr<SecretStore>, std::less<>> StoreConfig::open_lazily(
    const Registry& registry, const StoreSettings& settings) const {
  const auto shared = std::make_shared<const Registry>(registry);
  std::map<std::string, std::shared_ptr<SecretStore>, std::less<>> opened;
  for (const auto& [alias, store] : stores_) opened[alias] = lazy_store(shared, alias, store, settings);
  return opened;
}

}  // namespace locket::inline v1::config
