#include "config/type.hpp"

#include <set>
#include <string_view>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "config/credential.hpp"

namespace locket::inline v1::config {
namespace {

std::string_view kind_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Table: return "a table";
    case Node::Kind::Text: return "text";
    case Node::Kind::Integer: return "a number";
    case Node::Kind::Boolean: return "true or false";
    case Node::Kind::Other: break;
  }
  return node.text;
}

bool is(bool good, const Node& node, const Where& where, std::string_view wanted, Problems& problems) {
  if (good) return true;
  problems.add(where, "config.type", fmt::format("this must be {} and is {}", wanted, kind_of(node)), "");
  return false;
}

}  // namespace

bool is_table(const Node& node, const Where& where, Problems& problems) {
  return is(node.kind == Node::Kind::Table, node, where, "a table", problems);
}

bool is_text(const Node& node, const Where& where, Problems& problems) {
  return is(node.kind == Node::Kind::Text, node, where, "text", problems);
}

bool is_scalar(const Node& node, const Where& where, Problems& problems) {
  const bool good = node.kind != Node::Kind::Table && node.kind != Node::Kind::Other;
  return is(good, node, where, "text, a whole number, true or false", problems);
}

std::vector<const Member*> unique_members(const Node& table, const Where& where, Problems& problems) {
  std::set<std::string_view> seen;
  std::vector<const Member*> unique;
  for (const Member& member : table.members) {
    if (seen.insert(member.key).second) {
      unique.push_back(&member);
    } else {
      problems.add(where.key(member), "config.duplicate",
                   fmt::format("the key {} comes a second time", quoted(member.key)), "leave one of them");
    }
  }
  return unique;
}

void unknown_key(const Member& member, const Where& above, const std::vector<std::string>& known, Problems& problems) {
  const Where where = above.key(member);
  if (sounds_like_credential(member.key)) {
    problems.add(where, "config.credential", fmt::format("{} holds a credential", quoted(member.key)),
                 std::string(credential_hint));
    return;
  }
  problems.add(where, "config.key", fmt::format("there is no key {} here", quoted(member.key)),
               suggestion_hint(member.key, known));
}

}  // namespace locket::inline v1::config
