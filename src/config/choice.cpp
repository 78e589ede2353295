#include <locket/config/choice.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "config/detect.hpp"
#include "config/file.hpp"
#include "config/naming.hpp"
#include "config/outside.hpp"
#include "config/problems.hpp"
#include "core/alias.hpp"

namespace locket::inline v1::config {
namespace {

Error no_choice(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "config.no_choice",
                .message = std::move(message),
                .hint = std::move(hint)});
}

std::string told(const Candidate& candidate) {
  return candidate.obstacle.empty() ? candidate.seen : fmt::format("{}, but {}", candidate.seen, candidate.obstacle);
}

std::string told(const std::vector<Candidate>& candidates) {
  std::string text;
  for (const Candidate& candidate : candidates) text += (text.empty() ? "" : "; ") + told(candidate);
  return text;
}

class Chooser {
 public:
  Chooser(const Registry& registry, const Selection& selection) : registry_(registry), selection_(selection) {}

  Result<Choice> run() {
    if (auto read = read_named_config(); !read) return std::move(read).error();
    auto chosen = choose();
    if (!chosen) return std::move(chosen).error();
    if (auto good = registry_.check(choice_.url); !good) return at_its_place(std::move(good).error());
    return std::move(choice_);
  }

  Result<void> read_config() {
    if (choice_.config) return {};
    auto path = default_path(selection_.variables, "XDG_CONFIG_HOME", ".config", "config.toml");
    if (!path) return {};
    default_config_ = *path;
    auto text = read_if_there(*path);
    if (!text) return std::move(text).error();
    if (!*text) return {};
    return keep(StoreConfig::parse((*text)->view(), Format::Toml, *path, load_options()));
  }

  // Whoever names a file wants it read and checked, needed or not.
  Result<void> read_named_config() {
    const bool by_caller = !selection_.file.empty();
    const auto path = by_caller ? selection_.file : variable(selection_.variables, "LOCKET_CONFIG");
    return path ? keep(StoreConfig::load(*path, load_options())) : Result<void>();
  }

  std::optional<StoreConfig> config() && { return std::move(choice_.config); }

 private:
  LoadOptions load_options() const {
    return {.environment = selection_.environment, .registry = &registry_, .variables = selection_.variables};
  }
  Result<void> keep(Result<StoreConfig> config) {
    if (!config) return std::move(config).error();
    choice_.config = std::move(*config);
    return {};
  }

  Result<void> choose() {
    if (!selection_.store.empty()) return take(selection_.store, "asked for");
    if (const auto store = variable(selection_.variables, "LOCKET_STORE")) {
      return *store == detection ? take_detected() : take(*store, "named by $LOCKET_STORE");
    }
    if (auto read = read_config(); !read) return read;
    if (choice_.config && choice_.config->default_alias()) {
      const auto& environment = choice_.config->environment();
      return take_alias(
          *choice_.config->default_alias(),
          environment.empty() ? "the default in" : fmt::format("the default of the environment '{}' in", environment));
    }
    return take_local();
  }

  Result<void> take(const std::string& url_or_alias, std::string_view how) {
    if (!is_url(url_or_alias)) return take_alias(url_or_alias, fmt::format("{}, and in", how));
    choice_.url = url_or_alias;
    choice_.reason = fmt::format("the URL is {}", how);
    return {};
  }

  Result<void> take_alias(const std::string& alias, std::string_view how) {
    if (alias == detection) {
      return no_choice("'auto' is neither a URL nor an alias", "set LOCKET_STORE=auto to have a store looked for");
    }
    if (auto read = read_config(); !read) return read;
    if (!choice_.config) return no_file(alias);
    auto found = choice_.config->find(alias);
    if (!found) return std::move(found).error();
    choice_.url = std::move(found->url);
    choice_.place = std::move(found->place);
    choice_.alias = alias;
    choice_.reason = fmt::format("'{}' is {} {}", alias, how, choice_.place->file);
    return {};
  }

  Error no_file(const std::string& alias) const {
    const std::string where = default_config_.empty() ? "the file that LOCKET_CONFIG names" : default_config_;
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "config.no_store",
                  .message = is_alias(alias)
                                 ? fmt::format("there is no configuration file to say what {} is", quoted(alias))
                                 : "the store is neither a URL nor an alias",
                  .hint = fmt::format("give a URL, such as env:?prefix=MYAPP_, or write aliases into {}", where)});
  }

  Result<void> take_detected() {
    choice_.candidates = detect(registry_, selection_.variables);
    const auto found = std::ranges::find_if(choice_.candidates, [](const auto& it) { return it.obstacle.empty(); });
    if (found == choice_.candidates.end()) {
      return no_choice(choice_.candidates.empty()
                           ? "LOCKET_STORE=auto found no store"
                           : fmt::format("LOCKET_STORE=auto found no store: {}", told(choice_.candidates)),
                       "set LOCKET_STORE to a store's URL, such as env:?prefix=MYAPP_");
    }
    choice_.url = found->url;
    choice_.reason = fmt::format("LOCKET_STORE=auto found: {}; the {} is taken", told(choice_.candidates),
                                 choice_.candidates.size() == 1 ? "one" : "first that can be opened");
    return {};
  }

  Result<void> take_local() {
    const auto known = registry_.schemes();
    if (std::ranges::find(known, "local") == known.end()) {
      return no_choice("no store is chosen",
                       "set LOCKET_STORE to a store's URL, such as env:?prefix=MYAPP_, or write a configuration file");
    }
    choice_.url = "local:";
    choice_.reason = "nothing else is chosen, so it is the default local store";
    return {};
  }

  Error at_its_place(Error error) const {
    if (choice_.place && !error.place()) error.details().place = choice_.place;
    return error;
  }

  const Registry& registry_;
  const Selection& selection_;
  std::string default_config_;
  Choice choice_;
};

}  // namespace

Result<std::optional<StoreConfig>> find_config(const Registry& registry, const Selection& selection) {
  Chooser chooser(registry, selection);
  if (auto read = chooser.read_named_config(); !read) return std::move(read).error();
  if (auto read = chooser.read_config(); !read) return std::move(read).error();
  return std::move(chooser).config();
}

Result<Choice> choose(const Registry& registry, const Selection& selection) {
  return Chooser(registry, selection).run();
}

Result<std::shared_ptr<SecretStore>> Choice::open(const Registry& registry, const StoreSettings& settings) const {
  auto store = registry.open(url, settings);
  if (!store && place && !store.error().place()) store.error().details().place = place;
  return store;
}

Result<std::shared_ptr<SecretStore>> open_default(const Registry& registry, const Selection& selection,
                                                  const StoreSettings& settings) {
  auto choice = choose(registry, selection);
  if (!choice) return std::move(choice).error();
  return choice->open(registry, settings);
}

}  // namespace locket::inline v1::config
