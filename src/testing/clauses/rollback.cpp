// rollback.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

Version roll_back(Trial& t, SecretStore& store, std::string_view name, const Version& to,
                  const PutOptions& options = {}) {
  return t.value(store.rollback(name, to, options), called("rollback", name)).value_or(Version("none"));
}

void value_returns(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "one");
  t.put(store, "a", "two");
  roll_back(t, store, "a", first);
  t.reads(store, "a", "one");
}

void new_version(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "one");
  const Version second = t.put(store, "a", "two");
  const Version third = roll_back(t, store, "a", first);
  t.that(third != first && third != second, "a rollback to make a new version", "an old one");
  const auto current = t.stat(store, "a").current;
  if (current) t.version(*current, third, "the current version after the rollback");
  t.holds(store.get("a", at(second)), "two", "get of the version that was current before the rollback");
  t.holds(store.get("a", at(first)), "one", "get of the version that was rolled back to");
  t.count(t.versions(store, "a").size(), 3, "the number of versions after two puts and a rollback");
}

void kind_returns(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", fields({{"user", "x"}, {"password", "y"}}));
  t.put(store, "a", "bytes");
  roll_back(t, store, "a", first);
  const auto secret = t.value(store.get("a"), called("get", "a"));
  if (!secret) return;
  t.that(secret->kind() == SecretData::Kind::Fields, "fields to come back as fields", "bytes");
  t.has_field(*secret, "password", "y");
}

void unknown(Trial& t) {
  SecretStore& store = t.open();
  const Version version = t.put(store, "a", "1");
  const Snapshot before = look(store, "a");
  t.fails(store.rollback("missing", version), ErrorCode::NotFound, "rollback of a missing secret");
  t.fails(store.rollback("a", Version("no-such-version")), ErrorCode::NotFound, "rollback to a version that never was");
  t.same(look(store, "a"), before, "the refused rollback to write nothing");
  t.fails(store.get("missing"), ErrorCode::NotFound, "get of the missing secret after its rollback was refused");
}

void removed(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.put(store, "a", "2");
  t.remove(store, "a");
  t.fails(store.rollback("a", first), ErrorCode::Deleted, "rollback of a removed secret");
  t.fails(store.get("a"), ErrorCode::Deleted, "get after the refused rollback");
}

void deleted_version(Trial& t) {
  if (t.skip_if(t.quirks().removes_as_a_whole, "the store removes a secret as a whole")) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.remove(store, "a");
  t.put(store, "a", "2");
  t.fails(store.rollback("a", first), ErrorCode::Deleted, "rollback to a version from before the secret was removed");
  t.reads(store, "a", "2");
}

void under_condition(Trial& t) {
  if (t.skip_if(t.can().cas == Cas::None, "the store knows no conditions (`cas`)")) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "one");
  const Version second = t.put(store, "a", "two");
  const Snapshot before = look(store, "a");
  t.fails(store.rollback("a", first, only_if(first)), ErrorCode::Conflict, "rollback whose condition does not hold");
  t.fails(store.rollback("a", first, only_new()), ErrorCode::Conflict, "rollback with MustNotExist");
  t.same(look(store, "a"), before, "the refused rollbacks to write nothing");
  roll_back(t, store, "a", first, only_if(second));
  t.reads(store, "a", "one");
}

void keeps_metadata(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "one", {.metadata = MetadataPatch{.description = "first"}});
  t.put(store, "a", "two", {.metadata = MetadataPatch{.description = "second"}});
  roll_back(t, store, "a", first);
  t.same(t.metadata(store, "a").description, std::string("second"), "a rollback to leave the metadata alone");
  roll_back(t, store, "a", first, {.metadata = MetadataPatch{.description = "third"}});
  t.same(t.metadata(store, "a").description, std::string("third"), "a rollback to apply the patch that comes with it");
}

using Can = Capabilities;
constexpr std::string_view again =
    "Makes the value of an earlier version current again, as a new version, which is returned; nothing is lost.";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"rollback/value", "store.hpp", again, {&Can::put, &Can::rollback}, value_returns},
    {"rollback/new-version", "store.hpp", again, {&Can::put, &Can::rollback}, new_version},
    {"rollback/kind", "store.hpp", again, {&Can::put, &Can::rollback}, kind_returns},
    {"rollback/unknown", "store.hpp", "NotFound: no such secret or version.", {&Can::put, &Can::rollback}, unknown},
    {"rollback/removed",
     "store.hpp",
     "Deleted: that version's value is gone, or the secret is removed.",
     {&Can::put, &Can::rollback, &Can::soft_delete},
     removed},
    {"rollback/deleted-version",
     "store.hpp",
     "Deleted: that version's value is gone, or the secret is removed.",
     {&Can::put, &Can::rollback, &Can::soft_delete},
     deleted_version},
    {"rollback/condition",
     "options.hpp",
     "Conditions and extras of a `put` or `rollback`.",
     {&Can::put, &Can::rollback},
     under_condition},
    {"rollback/metadata",
     "metadata.hpp",
     "It belongs to the secret and not to one version.",
     {&Can::put, &Can::rollback, &Can::annotate},
     keeps_metadata},
});

}  // namespace

Theme rollback_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
