// put, without conditions.
#include <algorithm>
#include <set>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

void put_creates(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "db/password", "s3cret");
  t.reads(store, "db/password", "s3cret");
}

void put_replaces(Trial& t) {
  SecretStore& store = t.open({{"a", "one"}});
  t.put(store, "a", "two");
  t.reads(store, "a", "two");
}

void put_leaves_others(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  const Snapshot before = look(store, "b");
  t.put(store, "a", "changed");
  t.put(store, "c", "new");
  t.same(look(store, "b"), before, "a put of others to leave a secret as it was");
}

void put_returns_version(Trial& t) {
  SecretStore& store = t.open();
  const Version version = t.put(store, "a", "1");
  if (!t.can().versions) {
    t.that(version.text().empty(), "put to return an empty version where the store has none", quoted(version.text()));
    return;
  }
  const auto secret = t.value(store.get("a"), called("get", "a"));
  if (secret && secret->version()) t.version(*secret->version(), version, "the version that get reads after the put");
  const auto current = t.stat(store, "a").current;
  if (current) t.version(*current, version, "the current version after the put");
}

void put_always_new(Trial& t) {
  SecretStore& store = t.open();
  std::set<std::string> versions;
  for (const auto* text : {"same", "same", "other", "same"}) versions.insert(t.put(store, "a", text).text());
  t.count(versions.size(), 4, "the number of different versions after four puts");
  t.count(t.versions(store, "a").size(), 4, "the number of versions that are listed after four puts");
}

void put_version_well_formed(Trial& t) {
  const std::string text = t.put(t.open(), "a", "1").text();
  const bool token = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  t.that(token && !text.empty() && text.size() <= 256,
         "a version of 1 to 256 printable ASCII characters without spaces", quoted(text));
}

void put_changes_kind(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  SecretStore& store = t.open();
  const auto is = [&](SecretData::Kind kind, std::string_view what) {
    const auto secret = t.value(store.get("a"), called("get", "a"));
    if (secret) t.that(secret->kind() == kind, what, "the other kind");
  };
  t.put(store, "a", "bytes");
  t.put(store, "a", fields({{"user", "x"}, {"password", "y"}}));
  is(SecretData::Kind::Fields, "fields put over bytes to be read as fields");
  t.put(store, "a", R"({"user":"x"})");
  is(SecretData::Kind::Bytes, "bytes put over fields to be read as bytes");
}

void put_borrows(Trial& t) {
  SecretStore& store = t.open();
  std::string name = "db/password";
  {
    const SecretData data = bytes("s3cret");
    PutOptions options;
    if (t.can().annotate) options.metadata = MetadataPatch{.description = "kept"};
    t.ok(store.put(std::string_view(name), data, options), called("put", name));
  }
  std::fill(name.begin(), name.end(), '#');
  t.reads(store, "db/password", "s3cret");
  if (t.can().annotate)
    t.same(t.metadata(store, "db/password").description, std::string("kept"), "the description to be \"kept\"");
}

void put_keeps_metadata(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  t.annotate(store, "a", {.description = "the main one", .type = "api_key", .tags = {{"team", "core"}}});
  t.put(store, "a", "2");
  const Metadata metadata = t.metadata(store, "a");
  t.same(metadata.description, std::string("the main one"), "a put to keep the description");
  t.same(metadata.type, std::string("api_key"), "a put to keep the type");
  t.same(metadata.tags, {{"team", "core"}}, "a put to keep the tags");
}

void put_with_metadata(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1", {.metadata = MetadataPatch{.description = "first", .tags = {{"team", "core"}, {"old", "x"}}}});
  t.same(t.metadata(store, "a").description, std::string("first"), "the description that came with the put");
  t.put(store, "a", "2", {.metadata = MetadataPatch{.status = "active", .tags = {{"old", clear}}}});
  const Metadata metadata = t.metadata(store, "a");
  t.same(metadata.description, std::string("first"), "what the patch does not name to stay");
  t.same(metadata.status, std::string("active"), "the status that came with the put");
  t.same(metadata.tags, {{"team", "core"}}, "the tags with one cleared by the patch");
}

using Can = Capabilities;
constexpr std::string_view new_version = "Writes a new version, which becomes the current one, and returns it";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"put/creates", "store.hpp", new_version, {&Can::put}, put_creates},
    {"put/replaces", "store.hpp", new_version, {&Can::put}, put_replaces},
    {"put/leaves-others", "store.hpp", new_version, {&Can::put}, put_leaves_others},
    {"put/returns-version", "store.hpp", "an empty Version where the store has none", {&Can::put}, put_returns_version},
    {"put/always-new", "store.hpp", new_version, {&Can::put, &Can::versions}, put_always_new},
    {"put/version-well-formed",
     "which.hpp",
     "1 to 256 printable ASCII characters without spaces",
     {&Can::put, &Can::versions},
     put_version_well_formed},
    {"put/changes-kind", "secret_data.hpp", "The writer says which", {&Can::put}, put_changes_kind},
    {"put/borrows", "store.hpp", "Arguments are borrowed for the time of the call", {&Can::put}, put_borrows},
    {"put/keeps-metadata",
     "store.hpp",
     "Without a patch the metadata stay as they are",
     {&Can::put, &Can::annotate},
     put_keeps_metadata},
    {"put/with-metadata",
     "options.hpp",
     "Changed together with the value, in one step.",
     {&Can::put, &Can::annotate},
     put_with_metadata},
});

}  // namespace

Theme writing_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
