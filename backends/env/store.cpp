#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <locket/backends/env.hpp>

#include "core/printable.hpp"
#include "naming.hpp"
#include "variables.hpp"

namespace locket::inline v1::env {
namespace {

constexpr std::size_t largest_page = 1000;

constexpr Capabilities read_only{.list = true, .stat_without_value = true};

// What it holds never changes, so any thread may read it without a lock. Twins of operations that it lacks are left
// out: SecretStore asks do_capabilities and refuses those before it would call them.
class EnvStore final : public SecretStore {
 public:
  EnvStore(Options options, Naming naming, Variables variables)
      : SecretStore(std::move(options.settings)),
        description_(describe(options)),
        naming_(std::move(naming)),
        variables_(std::move(variables)) {}

 protected:
  Result<Secret> do_get(NameView name, const GetOptions&, const Call&) override {
    auto held = find(name);
    if (!held) return std::move(held).error();
    return (*held)->secret;
  }

  Result<SecretInfo> do_stat(NameView name, const GetOptions&, const Call&) override {
    if (auto held = find(name); !held) return std::move(held).error();
    return SecretInfo{.name = Name(name), .metadata = Metadata()};
  }

  // The cursor is the last variable of the page before.
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call&) override {
    Page<SecretInfo> page;
    const bool first = options.page.empty();
    if (first && prefix == Prefix()) {
      page.unaddressable = {variables_.unaddressable.begin(), variables_.unaddressable.end()};
    }
    const std::size_t limit = options.limit == 0 ? largest_page : options.limit;
    const auto& held = variables_.held;
    std::string_view last;
    for (auto it = first ? held.begin() : held.upper_bound(options.page); it != held.end(); ++it) {
      const auto& [variable, secret] = *it;
      if (!prefix.contains(secret.name)) continue;
      if (page.items.size() == limit) {
        page.next = last;
        break;
      }
      page.items.push_back({.name = secret.name});
      last = variable;
    }
    return page;
  }

  // A store without this or that secret can serve, so it is ready; but people want to know.
  Result<Health> do_health(const Call&) override {
    std::vector<std::string> missing;
    for (const auto& [variable, name] : naming_.declared()) {
      if (!variables_.held.contains(variable)) missing.push_back(fmt::format("'{}' ({})", name.text(), variable));
    }
    std::string detail = fmt::format("secrets that were set when the store was opened: {}", variables_.held.size());
    if (!missing.empty()) detail += fmt::format("; not set: {}", fmt::join(missing, ", "));
    return Health{.ready = true, .state = "ok", .detail = std::move(detail)};
  }

  const Capabilities& do_capabilities() const noexcept override { return read_only; }

  std::string do_describe() const override { return description_; }

 private:
  static std::string describe(const Options& options) {
    std::vector<std::string> places;
    if (!options.prefix.empty()) places.push_back("prefix " + options.prefix);
    if (!options.file.empty()) places.push_back("file " + printable(options.file));
    return places.empty() ? "env" : fmt::format("env ({})", fmt::join(places, ", "));
  }

  Result<const Variables::Held*> find(NameView name) const {
    const std::string variable = naming_.variable(name);
    if (!naming_.serves(name)) return undeclared(name, variable);
    const auto found = variables_.held.find(variable);
    if (found != variables_.held.end()) return &found->second;
    return Error({.code = ErrorCode::NotFound,
                  .reason = "env.not_set",
                  .message = fmt::format("no secret '{}': the variable {} is not set", name.text(), variable),
                  .hint = "set it before the program opens the store, which reads the environment once"});
  }

  Error undeclared(NameView name, const std::string& variable) const {
    const auto other = naming_.name(variable);
    return Error({.code = ErrorCode::NotFound,
                  .reason = "env.not_declared",
                  .message = fmt::format("no secret '{}': it is not among the names that the store was opened with",
                                         name.text()),
                  .hint = other ? fmt::format("did you mean '{}'?", other->text()) : "add it to Options::names"});
  }

  const std::string description_;
  const Naming naming_;
  const Variables variables_;
};

Result<std::shared_ptr<SecretStore>> open_store(Options options) {
  auto naming = Naming::make(options.prefix, options.names);
  if (!naming) return std::move(naming).error();
  auto variables = read_variables(*naming, options.file);
  if (!variables) return std::move(variables).error();
  return std::make_shared<EnvStore>(std::move(options), std::move(*naming), std::move(*variables));
}

}  // namespace

Result<std::shared_ptr<SecretStore>> open(Options options) {
  auto store = open_store(std::move(options));
  if (!store) {
    store.error().details().backend = "env";
    store.error().details().operation = "open";
  }
  return store;
}

void add_schemes(Registry& registry) {
  const auto open_url = [](const StoreUrl& url, const StoreSettings& settings) -> Result<std::shared_ptr<SecretStore>> {
    if (url.host().empty() && url.path().empty()) {
      return open(
          {.settings = settings, .prefix = url.text("prefix").value_or(""), .file = url.text("file").value_or("")});
    }
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "url.invalid",
                  .message = "an 'env:' URL has options only",
                  .hint = "write env:?prefix=MYAPP_&file=.env"});
  };
  registry.add({.name = "env", .options = {"prefix", "file"}, .capabilities = read_only, .open = open_url});
}

}  // namespace locket::inline v1::env
