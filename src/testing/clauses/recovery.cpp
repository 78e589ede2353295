// undelete and purge: what becomes of a removed secret.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

void undelete(Trial& t, SecretStore& store, std::string_view name) {
  t.ok(store.undelete(name), called("undelete", name));
}
void purge(Trial& t, SecretStore& store, std::string_view name) {
  t.ok(store.purge(name), called("purge", name));
}

void undelete_value(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  undelete(t, store, "a");
  t.reads(store, "a", "1");
}

void undelete_as_it_was(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  if (t.can().put) t.put(store, "a", "2");
  if (t.can().annotate) t.annotate(store, "a", {.description = "of old", .tags = {{"team", "core"}}});
  Snapshot before = look(store, "a");
  t.remove(store, "a");
  undelete(t, store, "a");
  Snapshot after = look(store, "a");
  // When it was brought back may count as a change.
  if (before.metadata) before.metadata->updated.reset();
  if (after.metadata) after.metadata->updated.reset();
  t.same(after.current, before.current, "the current version to be what it was");
  t.same(after.metadata, before.metadata, "the metadata to be what they were");
  t.same(after.versions, before.versions, "the versions to be what they were");
}

void undelete_missing(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.undelete("b"), ErrorCode::NotFound, called("undelete", "b"));
  t.fails(store.get("b"), ErrorCode::NotFound, called("get", "b"));
}

void undelete_live(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const Snapshot before = look(store, "a");
  undelete(t, store, "a");
  t.same(look(store, "a"), before, "undelete of what is not removed to do nothing");
}

// What a put left deleted when it brought the secret back.
void undelete_older_return(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.remove(store, "a");
  const Version second = t.put(store, "a", "2");
  undelete(t, store, "a");
  t.holds(store.get("a", at(first)), "1", "get of a version that a remove took away, after an undelete");
  t.reads(store, "a", "2");
  const auto current = t.stat(store, "a").current;
  if (current) t.version(*current, second, "the current version after an undelete of older ones");
}

void undelete_one(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  t.remove(store, "a");
  t.remove(store, "b");
  undelete(t, store, "a");
  t.fails(store.get("b"), ErrorCode::Deleted, "get of another removed secret after an undelete");
}

void purge_gone(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  purge(t, store, "a");
  t.fails(store.get("a"), ErrorCode::NotFound, "get of a purged secret");
  t.fails(store.stat("a"), ErrorCode::NotFound, "stat of a purged secret");
  t.fails(store.purge("a"), ErrorCode::NotFound, "purge of a purged secret");
  t.reads(store, "b", "2");
}

void purge_missing(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.purge("b"), ErrorCode::NotFound, called("purge", "b"));
}

void purge_leaves_below(Trial& t) {
  if (t.skip_if(t.quirks().folders_are_secrets, "in this store folders are secrets")) return;
  SecretStore& store = t.open({{"a", "1"}, {"a/b", "2"}, {"ab", "3"}});
  purge(t, store, "a");
  t.reads(store, "a/b", "2");
  t.reads(store, "ab", "3");
}

void purge_removed(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  purge(t, store, "a");
  t.fails(store.get("a"), ErrorCode::NotFound, "get of a secret that was removed, then purged");
  if (t.can().undelete) t.fails(store.undelete("a"), ErrorCode::NotFound, "undelete of a purged secret");
  if (t.can().list) t.count(t.list(store, "", {.deleted = true}).size(), 0, "the number of secrets, removed ones too,");
}

void purge_versions(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "old");
  t.put(store, "a", "also old");
  purge(t, store, "a");
  const auto versions = store.versions("a");
  t.that(!versions || versions->items.empty(), "a purged secret to have no versions", "some");
  t.that(!store.get("a", at(first)), "no version of a purged secret to be readable", "one");
  t.put(store, "a", "new");
  t.count(t.versions(store, "a").size(), 1, "the number of versions of a new secret of the same name");
  const auto secret = store.get("a", at(first));
  if (secret) t.that(secret->value().expose() == "new", "a purged value never to come back", "it did");
}

void purge_frees_name(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  if (t.can().annotate) t.annotate(store, "a", {.description = "of old", .tags = {{"team", "core"}}});
  purge(t, store, "a");
  t.put(store, "a", "2", t.can().cas == Cas::None ? PutOptions() : only_new());
  t.reads(store, "a", "2");
  const Metadata metadata = t.metadata(store, "a");
  t.that(metadata.description.empty() && metadata.tags.empty(), "a secret of the same name to begin without metadata",
         "those of the purged one");
}

using Can = Capabilities;
constexpr std::string_view back = "Brings back what `remove` took away";
constexpr std::string_view for_good =
    "Removes a secret with all its versions for good, whether it was removed before or not";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"undelete/value", "store.hpp", back, {&Can::undelete}, undelete_value},
    {"undelete/as-it-was", "store.hpp", back, {&Can::undelete}, undelete_as_it_was},
    {"undelete/missing",
     "store.hpp",
     "Does nothing when nothing is deleted. NotFound.",
     {&Can::undelete},
     undelete_missing},
    {"undelete/not-removed", "store.hpp", "Does nothing when nothing is deleted.", {&Can::undelete}, undelete_live},
    {"undelete/older-return",
     "store.hpp",
     "and versions that stayed deleted when a `put` brought it back before",
     {&Can::undelete, &Can::put, &Can::versions},
     undelete_older_return},
    {"undelete/only-one", "store.hpp", back, {&Can::undelete}, undelete_one},
    {"purge/gone", "store.hpp", for_good, {&Can::purge}, purge_gone},
    {"purge/missing", "store.hpp", "its versions may count anew. NotFound.", {&Can::purge}, purge_missing},
    {"purge/leaves-below", "store.hpp", for_good, {&Can::purge}, purge_leaves_below},
    {"purge/removed", "store.hpp", for_good, {&Can::purge, &Can::soft_delete}, purge_removed},
    {"purge/versions", "store.hpp", for_good, {&Can::purge, &Can::put, &Can::versions}, purge_versions},
    {"purge/frees-name", "store.hpp", "its name is free again", {&Can::purge, &Can::put}, purge_frees_name},
});

}  // namespace

Theme recovery_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
