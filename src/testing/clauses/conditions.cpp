// put under a condition, one writer at a time; threads.cpp has the races.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

bool unconditional(Trial& t) {
  return t.skip_if(t.can().cas == Cas::None, "the store knows no conditions (`cas`)");
}

// A conditional put that must fail with Conflict, and leave no trace.
void conflicts(Trial& t, SecretStore& store, std::string_view name, const PutOptions& options, std::string_view what) {
  const Snapshot before = look(store, name);
  const auto refused = store.put(name, bytes("refused"), options);
  t.fails(refused, ErrorCode::Conflict, what);
  if (!refused) t.that(refused.error().effect() == Effect::None, "the effect of a Conflict to be none", "another");
  t.same(look(store, name), before, std::string(what) + " to write nothing");
}

void only_new_creates(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open({{"b", "other"}});
  t.put(store, "a", "1", only_new());
  t.reads(store, "a", "1");
}

void only_new_exists(Trial& t) {
  if (unconditional(t)) return;
  conflicts(t, t.open({{"a", "1"}}), "a", only_new(), "a put with MustNotExist of what exists");
}

void only_new_removed(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  t.remove(store, "a");
  conflicts(t, store, "a", only_new(), "a put with MustNotExist of what is removed softly");
}

void version_holds(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  const Version second = t.put(store, "a", "2", only_if(first));
  t.put(store, "a", "3", only_if(second));
  t.reads(store, "a", "3");
}

void version_is_old(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.put(store, "a", "2");
  conflicts(t, store, "a", only_if(first), "a put with an older version as its condition");
}

void version_is_unknown(Trial& t) {
  if (unconditional(t)) return;
  conflicts(t, t.open({{"a", "1"}}), "a", only_if(Version("no-such-version")),
            "a put with a version that never was as its condition");
}

void version_of_missing(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open();
  const Version version = t.put(store, "b", "1");
  conflicts(t, store, "a", only_if(version), "a put of what is missing with a version as its condition");
}

void version_of_removed(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.remove(store, "a");
  t.same(t.stat(store, "a").current, std::optional(first), "a removed secret to keep its current version");
  t.put(store, "a", "2", only_if(first));
  t.reads(store, "a", "2");
}

void conflict_keeps_metadata(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  PutOptions options = only_new();
  options.metadata = MetadataPatch{.description = "refused"};
  conflicts(t, store, "a", options, "a put with metadata whose condition does not hold");
}

void hostile_version(Trial& t) {
  if (unconditional(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  const Snapshot before = look(store, "a");
  for (const std::string& text : {std::string(), std::string("a b"), std::string("a\n"), std::string(257, 'v')}) {
    t.fails(store.put("a", bytes("2"), only_if(Version(text))), ErrorCode::InvalidArgument,
            "a put with the condition that the version is " + quoted(text.substr(0, 20)));
  }
  t.same(look(store, "a"), before, "the refused puts to write nothing");
}

using Can = Capabilities;
constexpr std::string_view conflict = "Where it does not hold, Conflict is returned and nothing is written.";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"condition/creates", "which.hpp", "a write that only ever creates", {&Can::put}, only_new_creates},
    {"condition/exists", "which.hpp", conflict, {&Can::put}, only_new_exists},
    {"condition/removed-exists",
     "which.hpp",
     "A soft-deleted secret exists.",
     {&Can::put, &Can::soft_delete},
     only_new_removed},
    {"condition/holds",
     "which.hpp",
     "that exactly this version is the current one",
     {&Can::put, &Can::versions},
     version_holds},
    {"condition/old-version", "which.hpp", conflict, {&Can::put, &Can::versions}, version_is_old},
    {"condition/unknown-version", "which.hpp", conflict, {&Can::put, &Can::versions}, version_is_unknown},
    {"condition/missing-secret", "which.hpp", conflict, {&Can::put, &Can::versions}, version_of_missing},
    {"condition/removed-version",
     "info.hpp",
     "A removed secret keeps its own.",
     {&Can::put, &Can::versions, &Can::soft_delete},
     version_of_removed},
    {"condition/keeps-metadata", "which.hpp", conflict, {&Can::put, &Can::annotate}, conflict_keeps_metadata},
    {"condition/malformed-version",
     "which.hpp",
     "A store refuses text that is not 1 to 256 printable ASCII characters without spaces",
     {&Can::put, &Can::versions},
     hostile_version},
});

}  // namespace

Theme condition_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
