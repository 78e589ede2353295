// Pages of a list: limits, tokens, and what happens between two of them.
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

constexpr std::size_t many = 12;

std::string stayer(std::size_t i) {
  return fmt::format("n/{:02}", 2 * i);
}

// Secrets "n/00", "n/02", … that stay, and each with a neighbour that may go.
std::vector<Seed> neighbours() {
  std::vector<Seed> seeds;
  for (std::size_t i = 0; i < many; ++i) {
    seeds.push_back({.name = stayer(i), .data = bytes("stays")});
    seeds.push_back({.name = stayer(i) + "-goes", .data = bytes("goes")});
  }
  return seeds;
}

void each_stayer_once(Trial& t, const std::vector<std::string>& names) {
  std::map<std::string, std::size_t> seen;
  for (const std::string& name : names) ++seen[name];
  for (std::size_t i = 0; i < many; ++i) {
    t.count(seen[stayer(i)], 1, "how often " + quoted(stayer(i)) + ", which was there all the time, is listed");
  }
}

void limits(Trial& t) {
  SecretStore& store = t.open(neighbours());
  for (const std::size_t limit : {1U, 2U, 3U, 7U, 24U, 25U, 1000U}) {
    const auto page = t.value(store.list("n", {.limit = limit}), "list with a limit");
    if (page && page->items.size() > limit)
      t.fail(fmt::format("at most {} items", limit), std::to_string(page->items.size()));
    const auto names = t.names(store, "n", {.limit = limit});
    t.count(names.size(), 2 * many, fmt::format("the number of names over all pages of {}", limit));
    each_stayer_once(t, names);
  }
}

// More than services tell at once when they are not asked for less.
void no_limit(Trial& t) {
  constexpr std::size_t count = 120;
  std::vector<Seed> seeds;
  seeds.reserve(count);
  for (std::size_t i = 0; i < count; ++i) seeds.push_back({.name = fmt::format("n/{}", i), .data = bytes("x")});
  std::set<std::string> seen;
  SecretStore& store = t.open(seeds);
  for (std::string& name : t.names(store, "n")) {
    const auto [place, fresh] = seen.insert(std::move(name));
    if (!fresh) t.fail("each name to be listed once", quoted(*place) + " twice");
  }
  t.count(seen.size(), count, "the number of names over all pages of the store's own choice");
}

void limit_too_large(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.list("", {.limit = 1001}), ErrorCode::InvalidArgument, "list with 1,001 in a page");
  t.ok(store.list("", {.limit = 1000}), "list with 1,000 in a page");
}

// The token after the first page of "n", empty (and noted) when there is none.
std::string token(Trial& t, SecretStore& store) {
  const auto page = t.value(store.list("n", {.limit = 2}), "list of the first page");
  if (!page) return {};
  t.that(!page->next.empty(), "a first page of 2 out of 24 to have a next one", "none");
  return page->next;
}

void foreign_prefix(Trial& t) {
  SecretStore& store = t.open(neighbours());
  const std::string page = token(t, store);
  if (page.empty()) return;
  for (const std::string_view prefix : {"", "m", "n/00", "nn"}) {
    t.fails(store.list(prefix, {.limit = 2, .page = page}), ErrorCode::InvalidArgument,
            "list of " + quoted(prefix) + " with a page of \"n\"");
  }
  t.ok(store.list("n/", {.limit = 2, .page = page}), "list of the same folder, ending in a slash, with its page");
}

void foreign_options(Trial& t) {
  SecretStore& store = t.open(neighbours());
  const std::string page = token(t, store);
  if (page.empty()) return;
  if (t.can().list_metadata) {
    t.fails(store.list("n", {.metadata = true, .limit = 2, .page = page}), ErrorCode::InvalidArgument,
            "list with metadata with a page from a list without");
  }
  if (t.can().soft_delete) {
    t.fails(store.list("n", {.deleted = true, .limit = 2, .page = page}), ErrorCode::InvalidArgument,
            "list of removed secrets with a page from a list without");
  }
}

void foreign_operation(Trial& t) {
  SecretStore& store = t.open(neighbours());
  const std::string page = token(t, store);
  if (page.empty()) return;
  t.fails(store.versions(stayer(0), {.limit = 2, .page = page}), ErrorCode::InvalidArgument,
          "versions with a page from a list");
}

void garbage(Trial& t) {
  SecretStore& store = t.open(neighbours());
  for (const std::string& page : {std::string("garbage"), std::string("0"), std::string("n/02"), std::string(1, '\0'),
                                  std::string("\xff\xfe"), std::string(10'000, 'x'), std::string("' OR 1=1 --")}) {
    t.fails(store.list("n", {.page = page}), ErrorCode::InvalidArgument,
            "list with the page " + quoted(page.substr(0, 20)));
  }
}

void again(Trial& t) {
  SecretStore& store = t.open(neighbours());
  const std::string page = token(t, store);
  if (page.empty()) return;
  const ListOptions options{.limit = 2, .page = page};
  const auto first = t.names(store, "n", options);
  t.same(t.names(store, "n", options), first, "the same page asked for twice to be followed by the same names");
}

// Reads "n" in pages of two and calls `change` with the number of each.
std::vector<std::string> list_changing(Trial& t, SecretStore& store, const std::function<void(std::size_t)>& change) {
  std::vector<std::string> names;
  ListOptions options{.limit = 2};
  for (std::size_t pages = 0; pages < 1000; ++pages) {
    auto page = t.value(store.list("n", options), "list while the store changes");
    if (!page) return names;
    for (const SecretInfo& info : page->items) names.push_back(info.name.text());
    if (page->next.empty()) return names;
    options.page = std::move(page->next);
    change(pages);
  }
  t.fail("the pages of the list to end", "1,000 pages");
  return names;
}

// In whatever order the store lists: what comes stands before or behind where the listing is.
void writes_between(Trial& t) {
  SecretStore& store = t.open(neighbours());
  each_stayer_once(t, list_changing(t, store, [&](std::size_t pages) {
                     if (pages >= many) return;
                     t.put(store, fmt::format("n/!{:02}", pages), "comes");
                     t.put(store, fmt::format("n/zz{:02}", pages), "comes");
                   }));
}

void removes_between(Trial& t) {
  SecretStore& store = t.open(neighbours());
  each_stayer_once(t, list_changing(t, store, [&](std::size_t pages) {
                     if (pages < many / 2)
                       t.remove(store, stayer(pages) + "-goes"), t.remove(store, stayer(many - 1 - pages) + "-goes");
                   }));
}

using Can = Capabilities;
constexpr std::string_view bound = "bound to the operation, the prefix or name, and the options that it came from";
constexpr std::string_view once = "What was there during the whole listing appears exactly once over its pages";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"page/limits", "options.hpp", "At most so many items in a page, 1 to 1,000", {&Can::list}, limits},
    {"page/no-limit", "options.hpp", "0 lets the store choose", {&Can::list}, no_limit},
    {"page/limit-too-large",
     "options.hpp",
     "At most so many items in a page, 1 to 1,000",
     {&Can::list},
     limit_too_large},
    {"page/foreign-prefix", "info.hpp", bound, {&Can::list}, foreign_prefix},
    {"page/foreign-options", "info.hpp", bound, {&Can::list}, foreign_options},
    {"page/foreign-operation", "info.hpp", bound, {&Can::list, &Can::versions}, foreign_operation},
    {"page/garbage",
     "store.hpp",
     "InvalidArgument: the page does not belong to this prefix and these options.",
     {&Can::list},
     garbage},
    {"page/again", "info.hpp", once, {&Can::list}, again},
    {"page/writes-between", "info.hpp", once, {&Can::list, &Can::put}, writes_between},
    {"page/removes-between", "info.hpp", once, {&Can::list, &Can::remove}, removes_between},
});

}  // namespace

Theme paging_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
