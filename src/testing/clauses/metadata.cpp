// annotate, and the metadata that it changes.
#include <fmt/format.h>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using namespace std::chrono_literals;

// Everything that a patch can set, except `expires`, which is a capability of its own. Times are whole seconds: many
// services keep no more.
MetadataPatch everything(Trial& t) {
  return {.description = "the main database, caf\xc3\xa9",
          .type = "database",
          .provider = "postgres",
          .status = "active",
          .tags = {{"team", "core"}, {"tier", "1"}},
          .rotation_period = std::chrono::seconds(90 * 24h),
          .last_rotated = std::chrono::floor<std::chrono::seconds>(t.now()) - 24h,
          .reminder_days = 14U};
}

// What the store adds by itself is taken out of the comparison.
Metadata as_patched(Metadata metadata) {
  metadata.created.reset();
  metadata.updated.reset();
  return metadata;
}

void sets(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "1"}});
  const MetadataPatch patch = everything(t);
  const Snapshot other = look(store, "b");
  t.annotate(store, "a", patch);
  const Metadata seen = as_patched(t.metadata(store, "a"));
  const Metadata expected = apply({}, patch);
  t.same(seen.description, expected.description, "the description to be what was set");
  t.same(seen.type, expected.type, "the type to be what was set");
  t.same(seen.provider, expected.provider, "the provider to be what was set");
  t.same(seen.status, expected.status, "the status to be what was set");
  t.same(seen.tags, expected.tags, "the tags to be what was set");
  t.same(seen.rotation_period, expected.rotation_period, "the rotation period to be what was set");
  t.same(seen.last_rotated, expected.last_rotated, "the last rotation to be what was set");
  t.same(seen.reminder_days, expected.reminder_days, "the reminder to be what was set");
  t.same(look(store, "b"), other, "another secret to stay as it was");
}

void keeps(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const MetadataPatch patch = everything(t);
  t.annotate(store, "a", patch);
  t.annotate(store, "a", {.status = "revoked"});
  Metadata expected = apply({}, patch);
  expected.status = "revoked";
  t.same(as_patched(t.metadata(store, "a")), expected, "what a patch does not name to stay");
  t.annotate(store, "a", {});
  t.same(as_patched(t.metadata(store, "a")), expected, "an empty patch to change nothing");
}

void clears(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.annotate(store, "a", everything(t));
  t.annotate(store, "a",
             {.description = clear,
              .type = clear,
              .provider = clear,
              .status = clear,
              .rotation_period = clear,
              .last_rotated = clear,
              .reminder_days = clear});
  const Metadata expected{.tags = {{"team", "core"}, {"tier", "1"}}};
  t.same(as_patched(t.metadata(store, "a")), expected, "everything but the tags to be cleared");
  t.annotate(store, "a", {.description = clear, .reminder_days = clear});
  t.same(as_patched(t.metadata(store, "a")), expected, "clearing what is clear to change nothing");
}

void merges_tags(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.annotate(store, "a", {.tags = {{"stays", "1"}, {"changes", "1"}, {"goes", "1"}}});
  t.annotate(store, "a", {.tags = {{"changes", "2"}, {"goes", clear}, {"comes", "1"}, {"never-was", clear}}});
  t.same(t.metadata(store, "a").tags, {{"stays", "1"}, {"changes", "2"}, {"comes", "1"}},
         "tags that are named to change, and the others to stay");
}

void makes_no_version(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const Snapshot before = look(store, "a");
  t.annotate(store, "a", {.description = "changed"});
  const Snapshot after = look(store, "a");
  t.same(after.value, before.value, "annotate to leave the value alone");
  t.same(after.current, before.current, "annotate to leave the current version alone");
  t.same(after.versions, before.versions, "annotate to make no version");
}

void missing(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.fails(store.annotate("b", {.description = "x"}), ErrorCode::NotFound, called("annotate", "b"));
  t.fails(store.annotate("b", {}), ErrorCode::NotFound, "annotate of a missing secret with an empty patch");
  t.fails(store.stat("b"), ErrorCode::NotFound, "stat of what was refused");
}

void refuses(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.annotate(store, "a", everything(t));
  const Snapshot before = look(store, "a");
  const auto refused = [&](const MetadataPatch& patch, std::string_view what) {
    t.fails(store.annotate("a", patch), {ErrorCode::InvalidArgument, ErrorCode::LimitExceeded}, what);
  };
  refused({.description = "x", .tags = {{"", "x"}}}, "annotate with an empty tag");
  refused({.description = "x", .tags = {{std::string(129, 'k'), "x"}}}, "annotate with a tag of 129 bytes");
  refused({.description = "x", .tags = {{"k", std::string(257, 'v')}}}, "annotate with a tag's value of 257 bytes");
  refused({.description = "x", .rotation_period = std::chrono::seconds(0)},
          "annotate with a rotation period of nothing");
  refused({.description = "x", .reminder_days = 3651U}, "annotate with a reminder 3,651 days before");
  t.same(look(store, "a"), before, "the refused patches to change nothing");
}

void takes_the_edges(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const MetadataPatch patch{.tags = {{std::string(128, 'k'), std::string(256, 'v')}, {"empty", ""}},
                            .reminder_days = 3650U};
  t.annotate(store, "a", patch);
  t.same(t.metadata(store, "a").tags, apply({}, patch).tags, "tags of the largest size, and an empty one");
  t.same(t.metadata(store, "a").reminder_days, std::optional<std::uint32_t>(3650), "a reminder 3,650 days before");
  t.annotate(store, "a", {.reminder_days = 0U});
  t.same(t.metadata(store, "a").reminder_days, std::optional<std::uint32_t>(0),
         "a reminder on the day, which is not none");
}

void belongs_to_all_versions(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.put(store, "a", "2");
  t.annotate(store, "a", {.description = "of all versions"});
  t.same(t.stat(store, "a", at(first)).metadata->description, std::string("of all versions"),
         "an older version to have the secret's metadata");
}

void times(Trial& t) {
  SecretStore& store = t.open();
  const auto step = [&] {
    if (t.clock() != nullptr) t.clock()->advance(1h);
    return t.metadata(store, "a");
  };
  t.put(store, "a", "1");
  const Metadata first = step();
  if (t.skip_if(!first.created || !first.updated, "the store does not tell these times")) return;
  t.put(store, "a", "2");
  const Metadata second = step();
  t.annotate(store, "a", {.description = "changed"});
  const Metadata third = step();
  t.same(second.created, first.created, "a put to leave `created` alone");
  t.same(third.created, first.created, "annotate to leave `created` alone");
  const bool forward = second.updated > first.updated && third.updated > second.updated;
  const bool not_back = second.updated >= first.updated && third.updated >= second.updated;
  const bool own_clock = t.clock() != nullptr && !t.quirks().service_times;
  t.that(own_clock ? forward : not_back, "each change to move `updated` on", "other times");
}

void listed(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  t.annotate(store, "a", {.description = "the first", .tags = {{"team", "core"}}});
  for (const SecretInfo& info : t.list(store, "", {.metadata = true})) {
    if (!info.metadata) continue;  // list/tells-metadata
    const bool first = info.name.text() == "a";
    t.same(info.metadata->description, std::string(first ? "the first" : ""), "the description in the list");
    t.count(info.metadata->tags.size(), first ? 1 : 0, "the number of tags in the list");
  }
}

using Can = Capabilities;
constexpr std::string_view leaves_alone = "A change of metadata that leaves alone what it does not name";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"annotate/sets", "store.hpp", "Changes metadata without a new version.", {&Can::annotate}, sets},
    {"annotate/keeps", "metadata.hpp", leaves_alone, {&Can::annotate}, keeps},
    {"annotate/clears", "metadata.hpp", "Takes a value away in a patch", {&Can::annotate}, clears},
    {"annotate/merges-tags", "metadata.hpp", "Tags that are not named stay.", {&Can::annotate}, merges_tags},
    {"annotate/no-version", "store.hpp", "Changes metadata without a new version.", {&Can::annotate}, makes_no_version},
    {"annotate/missing", "store.hpp", "Changes metadata without a new version. NotFound.", {&Can::annotate}, missing},
    {"annotate/refuses", "metadata.hpp", "Keys are 1 to 128 bytes, values at most 256", {&Can::annotate}, refuses},
    {"annotate/edges",
     "metadata.hpp",
     "Keys are 1 to 128 bytes, values at most 256",
     {&Can::annotate},
     takes_the_edges},
    {"metadata/all-versions",
     "metadata.hpp",
     "It belongs to the secret and not to one version.",
     {&Can::put, &Can::versions, &Can::annotate},
     belongs_to_all_versions},
    {"metadata/times",
     "metadata.hpp",
     "When the value or the metadata last changed",
     {&Can::put, &Can::annotate},
     times},
    {"metadata/listed",
     "options.hpp",
     "With metadata, current version and fields' names of each secret",
     {&Can::annotate, &Can::list, &Can::list_metadata},
     listed},
});

}  // namespace

Theme metadata_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
