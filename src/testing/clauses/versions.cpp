// The versions of a secret, and its stages.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

// Puts `name` 0, `name` 1, … and returns their versions, the oldest first; no more than the store keeps.
std::vector<Version> put_versions(Trial& t, SecretStore& store, std::string_view name, std::size_t count) {
  if (t.can().max_versions != 0) count = std::min<std::size_t>(count, t.can().max_versions);
  std::vector<Version> versions;
  versions.reserve(count);
  for (std::size_t i = 0; i < count; ++i) versions.push_back(t.put(store, name, fmt::format("{} {}", name, i)));
  return versions;
}

std::vector<std::string> texts(const std::vector<VersionInfo>& versions) {
  std::vector<std::string> texts;
  texts.reserve(versions.size());
  for (const VersionInfo& version : versions) texts.push_back(version.version.text());
  return texts;
}

std::vector<std::string> newest_first(const std::vector<Version>& versions) {
  std::vector<std::string> texts(versions.size());
  std::transform(versions.rbegin(), versions.rend(), texts.begin(),
                 [](const Version& version) { return version.text(); });
  return texts;
}

void get_each(Trial& t) {
  SecretStore& store = t.open();
  const auto versions = put_versions(t, store, "a", 3);
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const auto secret = store.get("a", at(versions[i]));
    t.holds(secret, fmt::format("a {}", i), "get of version " + quoted(versions[i].text()));
    if (!secret || !secret->version()) continue;
    t.version(*secret->version(), versions[i], "the version of what was read by version");
  }
}

void get_unknown(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  for (const auto* text : {"no-such-version", "0", "-1", "999999", "18446744073709551616", "1.0", "01", "+1", "0x1",
                           "..", "../a", "1/../1", "?version=1", "%31", "latest", "'OR'1'='1"}) {
    const auto secret = store.get("a", at(Version(text)));
    t.fails(secret, ErrorCode::NotFound, "get of version " + quoted(text));
    t.fails(store.stat("a", at(Version(text))), ErrorCode::NotFound, "stat of version " + quoted(text));
  }
}

void get_of_another(Trial& t) {
  SecretStore& store = t.open();
  const auto mine = put_versions(t, store, "a", 1);
  for (const Version& version : put_versions(t, store, "b", 3)) {
    if (version == mine[0]) continue;  // where versions are counted, both have a first
    t.fails(store.get("a", at(version)), ErrorCode::NotFound, "get of a version that another secret has");
  }
}

void get_of_missing(Trial& t) {
  SecretStore& store = t.open();
  const auto versions = put_versions(t, store, "a", 1);
  t.fails(store.get("b", at(versions[0])), ErrorCode::NotFound, "get of a version of a missing secret");
  t.fails(store.stat("b", at(versions[0])), ErrorCode::NotFound, "stat of a version of a missing secret");
}

void stat_old(Trial& t) {
  SecretStore& store = t.open();
  const auto versions = put_versions(t, store, "a", 2);
  const SecretInfo info = t.stat(store, "a", at(versions[0]));
  if (info.current) t.version(*info.current, versions[1], "SecretInfo::current when stat names an older version");
}

void malformed(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  for (const std::string& text :
       {std::string(), std::string("a b"), std::string(" 1"), std::string("1\r\n"), std::string("1\0", 2),
        std::string("\x7f"), std::string("caf\xc3\xa9"), std::string(257, 'v')}) {
    const Version version(text);
    const std::string what = " of version " + quoted(text.substr(0, 20));
    t.fails(store.get("a", at(version)), ErrorCode::InvalidArgument, "get" + what);
    t.fails(store.stat("a", at(version)), ErrorCode::InvalidArgument, "stat" + what);
    if (t.can().rollback) t.fails(store.rollback("a", version), ErrorCode::InvalidArgument, "rollback" + what);
  }
}

void lists_newest_first(Trial& t) {
  SecretStore& store = t.open();
  const auto versions = put_versions(t, store, "a", 4);
  put_versions(t, store, "b", 2);
  t.same(texts(t.versions(store, "a")), newest_first(versions), "all versions, the newest first");
}

void lists_current(Trial& t) {
  SecretStore& store = t.open();
  const auto versions = put_versions(t, store, "a", 3);
  for (const VersionInfo& info : t.versions(store, "a")) {
    const bool newest = info.version == versions.back();
    t.that(info.current == newest, newest ? "the newest version to be `current`" : "no other version to be `current`",
           "the opposite");
  }
}

void lists_live(Trial& t) {
  SecretStore& store = t.open();
  put_versions(t, store, "a", 3);
  for (const VersionInfo& info : t.versions(store, "a")) {
    t.that(info.state == VersionInfo::State::Live, "versions that can be read to be Live", "another state");
  }
}

void lists_times(Trial& t) {
  SecretStore& store = t.open();
  put_versions(t, store, "a", 1);
  if (t.clock() != nullptr) t.clock()->advance(std::chrono::hours(1));
  put_versions(t, store, "a", 1);
  const auto versions = t.versions(store, "a");
  if (versions.size() != 2 || !versions[0].created || !versions[1].created) return;
  t.that(*versions[0].created >= *versions[1].created, "a newer version not to be created before an older one", "one");
}

void lists_missing(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.versions("b"), ErrorCode::NotFound, called("versions", "b"));
}

void lists_in_pages(Trial& t) {
  SecretStore& store = t.open();
  const auto versions = put_versions(t, store, "a", 5);
  for (const std::size_t limit : {1U, 2U, 5U, 1000U}) {
    t.same(texts(t.versions(store, "a", {.limit = limit})), newest_first(versions),
           fmt::format("all versions, {} in a page", limit));
    const auto page = t.value(store.versions("a", {.limit = limit}), called("versions", "a"));
    if (page) t.that(page->items.size() <= limit, fmt::format("at most {} versions in a page", limit), "more");
  }
}

void foreign_page(Trial& t) {
  SecretStore& store = t.open();
  put_versions(t, store, "a", 3);
  put_versions(t, store, "b", 3);
  const auto page = t.value(store.versions("a", {.limit = 1}), called("versions", "a"));
  if (!page || page->next.empty()) return;
  t.fails(store.versions("b", {.limit = 1, .page = page->next}), ErrorCode::InvalidArgument,
          "versions with a page of another secret");
  t.fails(store.versions("a", {.page = "garbage"}), ErrorCode::InvalidArgument, "versions with a page of garbage");
}

void other_options(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.versions("a", {.metadata = true}), ErrorCode::InvalidArgument, "versions with `metadata`");
  t.fails(store.versions("a", {.deleted = true}), ErrorCode::InvalidArgument, "versions with `deleted`");
  t.fails(store.versions("a", {.limit = 1001}), ErrorCode::InvalidArgument, "versions with 1,001 in a page");
}

void stage_unknown(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.get("a", {.which = Stage{"no-such-stage"}}), ErrorCode::NotFound, "get of a stage that is not there");
  t.fails(store.stat("a", {.which = Stage{"no-such-stage"}}), ErrorCode::NotFound, "stat of a stage that is not there");
}

void stage_malformed(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  for (const std::string& label :
       {std::string(), std::string("a b"), std::string("a\r\n"), std::string("\xff"), std::string(257, 's')}) {
    t.fails(store.get("a", {.which = Stage{label}}), ErrorCode::InvalidArgument,
            "get of stage " + quoted(label.substr(0, 20)));
  }
}

void stage_told(Trial& t) {
  SecretStore& store = t.open();
  put_versions(t, store, "a", 3);
  for (const VersionInfo& info : t.versions(store, "a")) {
    for (const std::string& label : info.stages) {
      const auto secret = t.value(store.get("a", {.which = Stage{label}}), "get of stage " + quoted(label));
      if (secret && secret->version())
        t.version(*secret->version(), info.version, "what stage " + quoted(label) + " reads");
    }
  }
}

using Can = Capabilities;
constexpr std::string_view unknown = "answers NotFound for a well-formed version that it does not know";
constexpr std::string_view refused =
    "A store refuses text that is not 1 to 256 printable ASCII characters without spaces";
constexpr std::string_view listed = "The versions of a secret, the newest first, a page at a time";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"version/get",
     "which.hpp",
     "One state of a secret's value, as its store names it",
     {&Can::put, &Can::versions},
     get_each},
    {"version/unknown", "which.hpp", unknown, {&Can::versions}, get_unknown},
    {"version/of-another", "which.hpp", unknown, {&Can::put, &Can::versions}, get_of_another},
    {"version/of-missing",
     "store.hpp",
     "NotFound: no such secret, version or stage.",
     {&Can::put, &Can::versions},
     get_of_missing},
    {"version/stat",
     "info.hpp",
     "The current version where the store has versions.",
     {&Can::put, &Can::versions},
     stat_old},
    {"version/malformed", "which.hpp", refused, {&Can::versions}, malformed},
    {"versions/newest-first", "store.hpp", listed, {&Can::put, &Can::versions}, lists_newest_first},
    {"versions/current",
     "store.hpp",
     "Writes a new version, which becomes the current one",
     {&Can::put, &Can::versions},
     lists_current},
    {"versions/live", "info.hpp", "It can be read.", {&Can::put, &Can::versions}, lists_live},
    {"versions/times", "store.hpp", listed, {&Can::put, &Can::versions}, lists_times},
    {"versions/missing", "store.hpp", "those of a removed secret too. NotFound.", {&Can::versions}, lists_missing},
    {"versions/pages", "store.hpp", listed, {&Can::put, &Can::versions}, lists_in_pages},
    {"versions/foreign-page",
     "info.hpp",
     "bound to the operation, the prefix or name, and the options that it came from",
     {&Can::put, &Can::versions},
     foreign_page},
    {"versions/options",
     "store.hpp",
     "Of ListOptions `limit` and `page` count; the others are refused.",
     {&Can::versions},
     other_options},
    {"stage/unknown", "store.hpp", "NotFound: no such secret, version or stage.", {&Can::stages}, stage_unknown},
    {"stage/malformed", "which.hpp", "The same characters as in a Version.", {&Can::stages}, stage_malformed},
    {"stage/told",
     "info.hpp",
     "The labels that it carries, where the store has labels.",
     {&Can::put, &Can::versions, &Can::stages},
     stage_told},
});

}  // namespace

Theme version_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
