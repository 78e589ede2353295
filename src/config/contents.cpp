#include "config/contents.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "config/naming.hpp"
#include "config/store_reader.hpp"
#include "config/type.hpp"
#include "core/alias.hpp"

namespace locket::inline v1::config {
namespace {

constexpr std::string_view names_hint = "begin with a letter; letters, digits, '-' and '_' may follow";

std::vector<std::string> names_of(const auto& map) {
  std::vector<std::string> names;
  names.reserve(map.size());
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

// A value of the file that names something else in it, to be looked up when everything was read.
struct Mention {
  std::string name;
  Where where;
};

class ContentsReader {
 public:
  ContentsReader(const LoadOptions& options, Problems& problems) : options_(options), problems_(problems) {}

  Contents run(const Node& root) {
    const Where top(root.at);
    if (!is_table(root, top, problems_)) return std::move(contents_);
    const auto members = unique_members(root, top, problems_);
    for (const Member* member : members) top_level(*member, top);
    check_default(base_default_, contents_.base.stores, {});
    for (const Member* member : members) {
      if (member->key == "environments") environments(member->value, top.value(*member));
    }
    if (environment_) check_environment();
    return std::move(contents_);
  }

 private:
  // Environments are read last: their defaults may be stores that stand below them in the file.
  void top_level(const Member& member, const Where& top) {
    if (member.key == "environments") return;
    if (member.key == "environment") {
      environment_ = mention(member, top);
      if (environment_) contents_.environment = environment_->name;
      return;
    }
    if (!scope_member(member, top, contents_.base, base_default_)) {
      unknown(member, top, {"default", "environment", "environments", "stores"});
    }
  }

  bool scope_member(const Member& member, const Where& above, Scope& scope, std::optional<Mention>& default_alias) {
    if (member.key == "stores") return stores(member.value, above.value(member), scope.stores), true;
    if (member.key != "default") return false;
    default_alias = mention(member, above);
    if (default_alias) scope.default_alias = default_alias->name;
    return true;
  }

  std::optional<Mention> mention(const Member& member, const Where& above) {
    const Where where = above.value(member);
    if (!is_text(member.value, where, problems_)) return std::nullopt;
    return Mention{.name = member.value.text, .where = where};
  }

  void unknown(const Member& member, const Where& above, const std::vector<std::string>& known) {
    unknown_key(member, above, known, problems_);
  }

  void stores(const Node& node, const Where& where, Stores& stores) {
    if (!is_table(node, where, problems_)) return;
    for (const Member* member : unique_members(node, where, problems_)) {
      check_alias(*member, where);
      const Where place = where.key(*member);
      auto url = read_store(*member, where, options_, problems_);
      // One that is wrong is there all the same, or its mentions would be wrong, too.
      stores[member->key] = {.url = std::move(url), .place = problems_.place(place)};
    }
  }

  void check_alias(const Member& member, const Where& above) {
    if (!is_alias(member.key)) {
      problems_.add(above.key(member), "config.alias", fmt::format("{} is no alias", quoted(member.key)),
                    std::string(names_hint));
      return;
    }
    if (member.key == detection) {
      problems_.add(above.key(member), "config.alias", "'auto' cannot be an alias",
                    "choose another: LOCKET_STORE=auto asks for detection");
    }
  }

  void environments(const Node& node, const Where& where) {
    if (!is_table(node, where, problems_)) return;
    for (const Member* member : unique_members(node, where, problems_)) {
      if (!is_alias(member->key)) {
        problems_.add(where.key(*member), "config.environment",
                      fmt::format("{} is no name of an environment", quoted(member->key)), std::string(names_hint));
      }
      contents_.environments[member->key] = environment(*member, where);
    }
  }

  Scope environment(const Member& member, const Where& above) {
    Scope scope;
    std::optional<Mention> default_alias;
    const Where where = above.value(member);
    if (!is_table(member.value, where, problems_)) return scope;
    for (const Member* inner : unique_members(member.value, where, problems_)) {
      if (!scope_member(*inner, where, scope, default_alias)) unknown(*inner, where, {"default", "stores"});
    }
    check_default(default_alias, contents_.base.stores, scope.stores);
    return scope;
  }

  void check_default(const std::optional<Mention>& mentioned, const Stores& base, const Stores& own) {
    if (!mentioned || base.contains(mentioned->name) || own.contains(mentioned->name)) return;
    std::vector<std::string> known = names_of(base);
    for (std::string& name : names_of(own)) known.push_back(std::move(name));
    std::ranges::sort(known);
    known.erase(std::ranges::unique(known).begin(), known.end());
    const bool is_a_url = is_url(mentioned->name);
    problems_.add(mentioned->where, "config.default",
                  is_a_url ? "the default is a URL" : fmt::format("there is no store {}", quoted(mentioned->name)),
                  is_a_url || known.empty() ? "write a table [stores.NAME] with the url, and its NAME here"
                                            : suggestion_hint(mentioned->name, known));
  }

  void check_environment() {
    if (contents_.environments.contains(environment_->name)) return;
    const std::vector<std::string> known = names_of(contents_.environments);
    problems_.add(environment_->where, "config.environment",
                  fmt::format("there is no environment {}", quoted(environment_->name)),
                  known.empty() ? "write a table [environments.NAME]" : suggestion_hint(environment_->name, known));
  }

  const LoadOptions& options_;
  Problems& problems_;
  Contents contents_;
  std::optional<Mention> base_default_;
  std::optional<Mention> environment_;
};

}  // namespace

Contents read_contents(const Node& root, const LoadOptions& options, Problems& problems) {
  return ContentsReader(options, problems).run(root);
}

}  // namespace locket::inline v1::config
