// list: what is below a prefix.
#include <algorithm>

#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using Names = std::vector<std::string>;

Names sorted(Names names) {
  std::sort(names.begin(), names.end());
  return names;
}

std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text.empty() ? "nothing" : text;
}

// A secret that is a folder is listed itself, and what lies in it; neither was asked for.
Names without_folders(Trial& t, Names names, const Names& seeds) {
  if (!t.quirks().folders_are_secrets) return names;
  std::erase_if(names, [&](const std::string& name) {
    return std::any_of(seeds.begin(), seeds.end(), [&](const std::string& seed) {
      return seed.starts_with(name + '/') || name.starts_with(seed + '/');
    });
  });
  return names;
}

// That the list is these names, each once, in any order.
void lists(Trial& t, SecretStore& store, std::string_view prefix, const Names& expected, const Names& seeds) {
  const Names seen = sorted(without_folders(t, t.names(store, prefix), seeds));
  t.that(seen == sorted(expected), called("list", prefix) + " to give " + joined(sorted(expected)), joined(seen));
}

std::vector<Seed> seeded(const Names& names) {
  std::vector<Seed> seeds;
  seeds.reserve(names.size());
  for (const std::string& name : names) seeds.push_back({.name = name, .data = bytes("value of " + name)});
  return seeds;
}

void everything(Trial& t) {
  const Names names{"zulu", "alpha", "db/password", "db/eu/password", "db/us/password", "x/y/z/deep"};
  lists(t, t.open(seeded(names)), "", names, names);
}

void nothing(Trial& t) {
  SecretStore& store = t.open();
  lists(t, store, "", {}, {});
  lists(t, store, "db", {}, {});
}

void below_prefix(Trial& t) {
  const Names names{"db/password", "db/eu/password", "dbadmin/password", "db-old/password", "db.x/password",
                    "d/b",         "other"};
  SecretStore& store = t.open(seeded(names));
  const Names below{"db/password", "db/eu/password"};
  lists(t, store, "db", below, names);
  lists(t, store, "db/", below, names);
  lists(t, store, "db/eu", {"db/eu/password"}, names);
  lists(t, store, "d", {"d/b"}, names);
  lists(t, store, "db/pass", {}, names);
}

void not_the_name_itself(Trial& t) {
  if (t.skip_if(t.quirks().folders_are_secrets, "in this store folders are secrets")) return;
  const Names names{"db", "db/password"};
  SecretStore& store = t.open(seeded(names));
  lists(t, store, "db", {"db/password"}, names);
  lists(t, store, "db/password", {}, names);
  lists(t, store, "", names, names);
}

void nothing_below(Trial& t) {
  const Names names{"db/password"};
  SecretStore& store = t.open(seeded(names));
  for (const std::string_view prefix : {"other", "db/password/x", "password", "db/eu"}) {
    lists(t, store, prefix, {}, {});
  }
}

void prefix_or_text(Trial& t) {
  const Names names{"db/password", "other"};
  SecretStore& store = t.open(seeded(names));
  const auto page = t.value(store.list(Prefix::parse("db").value()), "list of a Prefix");
  if (page) t.that(!page->items.empty() || !page->next.empty(), "list of a Prefix to give what is below it", "nothing");
}

void tells(Trial& t) {
  for (const SecretInfo& info : t.list(t.open({{"db/password", "1"}, {"a", "2"}}))) {
    t.that(!info.deleted, "what is listed not to be `deleted`", "`deleted`");
    t.that(!info.metadata, "a list that was not asked for metadata to have none", "some");
    t.that(!info.current && !info.fields, "a list that was not asked for metadata to tell names alone", "more");
  }
}

void tells_metadata(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  for (const SecretInfo& info : t.list(store, "", {.metadata = true})) {
    t.that(info.metadata.has_value(), "a list with metadata to have them", "none");
    const auto current = t.stat(store, info.name.text()).current;
    t.same(info.current, current, "the current version in the list");
  }
}

void sees_writes(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  lists(t, store, "", {"a"}, {"a"});
  t.put(store, "b/c", "2");
  t.put(store, "a", "3");
  lists(t, store, "", {"a", "b/c"}, {"a", "b/c"});
}

void readable(Trial& t) {
  const Names names{"zulu", "db/password", "x/y/z"};
  SecretStore& store = t.open(seeded(names));
  for (const std::string& name : t.names(store)) t.ok(store.get(name), "get of what is listed, " + quoted(name) + ",");
}

using Can = Capabilities;
constexpr std::string_view folder =
    R"(Whole segments only: "db" holds "db/password" and "db/eu/password", but neither "db" itself nor)";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"list/everything",
     "name.hpp",
     R"(A folder of names: everything ("") or what lies below "db/".)",
     {&Can::list},
     everything},
    {"list/nothing", "store.hpp", "The secrets below `prefix`, a page at a time", {&Can::list}, nothing},
    {"list/whole-segments", "name.hpp", folder, {&Can::list}, below_prefix},
    {"list/not-itself", "name.hpp", folder, {&Can::list}, not_the_name_itself},
    {"list/nothing-below", "store.hpp", "The secrets below `prefix`, a page at a time", {&Can::list}, nothing_below},
    {"list/prefix-or-text",
     "name.hpp",
     R"("", "db" or "db/" (the last two are the same folder).)",
     {&Can::list},
     prefix_or_text},
    {"list/tells", "info.hpp", "None when it was not asked for.", {&Can::list}, tells},
    {"list/tells-metadata",
     "options.hpp",
     "With metadata, current version and fields' names of each secret",
     {&Can::list, &Can::list_metadata},
     tells_metadata},
    {"list/sees-writes",
     "store.hpp",
     "The secrets below `prefix`, a page at a time",
     {&Can::list, &Can::put},
     sees_writes},
    {"list/readable", "store.hpp", "The secrets below `prefix`, a page at a time", {&Can::list}, readable},
});

}  // namespace

Theme listing_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
