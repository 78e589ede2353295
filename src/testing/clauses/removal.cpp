// remove, where the store deletes softly and where it does not.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

bool soft(Trial& t) {
  return t.skip_if(t.can().soft_delete, "the store deletes softly");
}

void missing(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.remove("b"), ErrorCode::NotFound, called("remove", "b"));
  t.fails(store.remove("a/b"), ErrorCode::NotFound, called("remove", "a/b"));
}

void leaves_others(Trial& t) {
  SecretStore& store = t.open({{"a/b", "1"}, {"a/bc", "2"}, {"ab", "3"}});
  const Snapshot before = look(store, "a/bc");
  t.remove(store, "a/b");
  t.same(look(store, "a/bc"), before, "a remove of another to leave a secret as it was");
  t.reads(store, "ab", "3");
}

void leaves_what_is_below(Trial& t) {
  if (t.skip_if(t.quirks().folders_are_secrets, "in this store folders are secrets")) return;
  SecretStore& store = t.open({{"a", "1"}, {"a/b", "2"}});
  t.remove(store, "a");
  t.reads(store, "a/b", "2");
}

void soft_answers_deleted(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  t.fails(store.get("a"), ErrorCode::Deleted, "get of a removed secret");
}

void soft_versions_deleted(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  const Version second = t.put(store, "a", "2");
  t.remove(store, "a");
  t.fails(store.get("a", at(first)), ErrorCode::Deleted, "get of an older version of a removed secret");
  t.fails(store.get("a", at(second)), ErrorCode::Deleted, "get of the current version of a removed secret");
  t.fails(store.stat("a", at(first)), ErrorCode::Deleted, "stat of an older version of a removed secret");
  t.fails(store.get("a", at(Version("no-such-version"))), ErrorCode::NotFound,
          "get of a version that a removed secret never had");
}

void soft_twice(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  const Snapshot before = look(store, "a");
  t.ok(store.remove("a"), "remove of what is removed already");
  t.same(look(store, "a"), before, "the second remove to do nothing");
}

void soft_stat(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  if (t.can().annotate) t.annotate(store, "a", {.description = "of old"});
  const SecretInfo before = t.stat(store, "a");
  t.remove(store, "a");
  const auto info = t.value(store.stat("a"), "stat of a removed secret");
  if (!info) return;
  t.that(info->deleted, "a removed secret to be `deleted`", "not `deleted`");
  t.that(info->metadata.has_value(), "stat of a removed secret to tell its metadata", "none");
  if (info->metadata) t.same(info->metadata->description, before.metadata->description, "its description to be kept");
  t.same(info->current, before.current, "its current version to be kept");
}

void soft_hides(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  t.remove(store, "a");
  t.same(t.names(store), {"b"}, "a list to leave out what is removed");
}

void soft_lists(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  t.remove(store, "a");
  const auto all = t.list(store, "", {.deleted = true});
  t.count(all.size(), 2, "the number of secrets in a list with the removed ones");
  for (const SecretInfo& info : all) {
    t.that(info.deleted == (info.name.text() == "a"), "the removed one alone to be `deleted`", "otherwise");
  }
}

void soft_versions_told(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1");
  t.put(store, "a", "2");
  t.remove(store, "a");
  const auto versions = t.versions(store, "a");
  t.count(versions.size(), 2, "the number of versions of a removed secret");
  for (const VersionInfo& version : versions) {
    t.that(version.state != VersionInfo::State::Live, "no version of a removed secret to be Live", "one");
  }
}

void soft_annotate(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  const Snapshot before = look(store, "a");
  t.fails(store.annotate("a", {.description = "x"}), ErrorCode::Deleted, "annotate of a removed secret");
  t.same(look(store, "a"), before, "the refused annotate to change nothing");
}

void soft_put(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  t.put(store, "a", "2");
  t.reads(store, "a", "2");
  t.that(!t.stat(store, "a").deleted, "a secret that a put brought back not to be `deleted`", "`deleted`");
}

void soft_put_keeps_metadata(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.annotate(store, "a", {.description = "of old"});
  t.remove(store, "a");
  t.put(store, "a", "2");
  t.same(t.metadata(store, "a").description, std::string("of old"), "the metadata of a secret that a put brought back");
}

void soft_put_older_stay(Trial& t) {
  if (t.skip_if(t.quirks().removes_as_a_whole, "the store removes a secret as a whole")) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.remove(store, "a");
  const Version second = t.put(store, "a", "2");
  t.fails(store.get("a", at(first)), ErrorCode::Deleted, "get of a version from before the remove");
  t.fails(store.stat("a", at(first)), ErrorCode::Deleted, "stat of a version from before the remove");
  t.holds(store.get("a", at(second)), "2", "get of the version from after the remove");
  const auto versions = t.versions(store, "a");
  t.count(versions.size(), 2, "the number of versions");
  for (const VersionInfo& version : versions) {
    const bool live = version.state == VersionInfo::State::Live;
    t.that(live == (version.version == second), "the version from after the remove alone to be Live", "otherwise");
  }
}

void hard_is_gone(Trial& t) {
  if (soft(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  t.fails(store.get("a"), ErrorCode::NotFound, "get of a removed secret");
  t.fails(store.stat("a"), ErrorCode::NotFound, "stat of a removed secret");
  t.fails(store.remove("a"), ErrorCode::NotFound, "remove of what is removed already");
  if (t.can().list) t.count(t.names(store).size(), 0, "the number of secrets in the list");
}

void hard_leaves_nothing(Trial& t) {
  if (soft(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  if (t.can().annotate) t.annotate(store, "a", {.description = "of old", .tags = {{"team", "core"}}});
  t.remove(store, "a");
  t.put(store, "a", "2");
  t.reads(store, "a", "2");
  const Metadata metadata = t.metadata(store, "a");
  t.that(metadata.description.empty() && metadata.tags.empty(), "a secret of the same name to begin without metadata",
         "those of the removed one");
  if (t.can().versions) t.count(t.versions(store, "a").size(), 1, "the number of versions of the new secret");
}

using Can = Capabilities;
constexpr std::string_view softly =
    "Where the store deletes softly, reads of any of its versions answer Deleted from then on";
constexpr std::string_view twice = "Removing what is removed already does nothing. NotFound.";
constexpr std::string_view brought_back = "A removed secret comes back with it; its older versions stay deleted";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"remove/missing", "store.hpp", twice, {&Can::remove}, missing},
    {"remove/leaves-others", "store.hpp", "Removes a secret.", {&Can::remove}, leaves_others},
    {"remove/leaves-below", "store.hpp", "Removes a secret.", {&Can::remove}, leaves_what_is_below},
    {"remove/soft", "store.hpp", softly, {&Can::soft_delete}, soft_answers_deleted},
    {"remove/soft-versions",
     "store.hpp",
     softly,
     {&Can::soft_delete, &Can::put, &Can::versions},
     soft_versions_deleted},
    {"remove/soft-twice", "store.hpp", twice, {&Can::soft_delete}, soft_twice},
    {"remove/soft-stat",
     "store.hpp",
     "A removed or expired secret is told, not an error.",
     {&Can::soft_delete},
     soft_stat},
    {"remove/soft-hides", "options.hpp", "Removed secrets too.", {&Can::soft_delete, &Can::list}, soft_hides},
    {"remove/soft-lists", "options.hpp", "Removed secrets too.", {&Can::soft_delete, &Can::list}, soft_lists},
    {"remove/soft-told",
     "store.hpp",
     "those of a removed secret too",
     {&Can::soft_delete, &Can::put, &Can::versions},
     soft_versions_told},
    {"remove/soft-annotate",
     "store.hpp",
     "Changes metadata without a new version. NotFound. Deleted.",
     {&Can::soft_delete, &Can::annotate},
     soft_annotate},
    {"remove/soft-put", "store.hpp", brought_back, {&Can::soft_delete, &Can::put}, soft_put},
    {"remove/soft-put-metadata",
     "store.hpp",
     "Without a patch the metadata stay as they are",
     {&Can::soft_delete, &Can::put, &Can::annotate},
     soft_put_keeps_metadata},
    {"remove/soft-put-older",
     "store.hpp",
     brought_back,
     {&Can::soft_delete, &Can::put, &Can::versions},
     soft_put_older_stay},
    {"remove/hard", "store.hpp", "elsewhere it is gone", {&Can::remove}, hard_is_gone},
    {"remove/hard-leaves-nothing", "store.hpp", "elsewhere it is gone", {&Can::remove, &Can::put}, hard_leaves_nothing},
});

}  // namespace

Theme removal_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
