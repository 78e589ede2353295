// put with an idempotency key: sent again when its answer was lost.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

PutOptions keyed(std::string key) {
  return {.idempotency_key = std::move(key)};
}

void repeated(Trial& t) {
  SecretStore& store = t.open({{"a", "0"}});
  const Version first = t.put(store, "a", "1", keyed("request-1"));
  const Snapshot before = look(store, "a");
  t.version(t.put(store, "a", "1", keyed("request-1")), first, "the version of a put that is repeated");
  t.same(look(store, "a"), before, "the repeated put to write nothing");
}

void other_data(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1", keyed("request-1"));
  const Snapshot before = look(store, "a");
  t.fails(store.put("a", bytes("2"), keyed("request-1")), ErrorCode::Conflict, "a put of other data with the same key");
  t.same(look(store, "a"), before, "the refused put to write nothing");
}

void other_kind(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  SecretStore& store = t.open();
  t.put(store, "a", R"({"user":"x"})", keyed("request-1"));
  t.fails(store.put("a", fields({{"user", "x"}}), keyed("request-1")), ErrorCode::Conflict,
          "a put of fields with the key of a put of bytes that look alike");
}

void other_key(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1", keyed("request-1"));
  t.put(store, "a", "2", keyed("request-2"));
  t.reads(store, "a", "2");
  t.put(store, "a", "3");
  t.reads(store, "a", "3");
}

void other_secret(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1", keyed("request-1"));
  t.put(store, "b", "2", keyed("request-1"));
  t.reads(store, "a", "1");
  t.reads(store, "b", "2");
}

void with_condition(Trial& t) {
  if (t.skip_if(t.can().cas == Cas::None, "the store knows no conditions (`cas`)")) return;
  SecretStore& store = t.open();
  PutOptions create = only_new();
  create.idempotency_key = "request-1";
  const Version first = t.put(store, "a", "1", create);
  t.version(t.put(store, "a", "1", create), first, "the version of a creating put that is repeated");
  if (!t.can().versions) return;
  PutOptions replace = only_if(first);
  replace.idempotency_key = "request-2";
  const Version second = t.put(store, "a", "2", replace);
  t.version(t.put(store, "a", "2", replace), second, "the version of a conditional put that is repeated");
}

void forgotten(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1", keyed("request-1"));
  t.put(store, "a", "2");
  t.put(store, "a", "3", keyed("request-1"));
  t.reads(store, "a", "3");
}

void after_remove(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1", keyed("request-1"));
  t.remove(store, "a");
  t.version(t.put(store, "a", "1", keyed("request-1")), first, "the version of a put that is repeated after a remove");
  t.fails(store.get("a"), ErrorCode::Deleted, "get after a repeated put, which brings nothing back");
}

void other_patch(Trial& t) {
  SecretStore& store = t.open();
  PutOptions options = keyed("request-1");
  options.metadata = MetadataPatch{.description = "first"};
  const Version first = t.put(store, "a", "1", options);
  options.metadata = MetadataPatch{.description = "second"};
  t.version(t.put(store, "a", "1", options), first, "the version of a put that is repeated with another patch");
  t.same(t.metadata(store, "a").description, std::string("first"), "the repeated put to write nothing");
}

void repeated_rollback(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  t.put(store, "a", "2");
  const auto rolled = t.value(store.rollback("a", first, keyed("request-1")), "rollback with a key");
  const Snapshot before = look(store, "a");
  const auto again = t.value(store.rollback("a", first, keyed("request-1")), "rollback with the same key");
  if (rolled && again) t.version(*again, *rolled, "the version of a rollback that is repeated");
  t.same(look(store, "a"), before, "the repeated rollback to write nothing");
}

void malformed(Trial& t) {
  SecretStore& store = t.open();
  for (const std::string& key : {std::string("a b"), std::string("a\n"), std::string("caf\xc3\xa9"),
                                 std::string(65, 'k'), std::string(1, '\0')}) {
    t.fails(store.put("a", bytes("1"), keyed(key)), ErrorCode::InvalidArgument, "a put with the key " + quoted(key));
  }
  t.fails(store.get("a"), ErrorCode::NotFound, "get of what was refused");
  t.put(store, "a", "1", keyed(std::string(64, '~')));
}

using Can = Capabilities;
constexpr std::string_view repeat =
    "Repeating the last write of a secret with the same key and data writes nothing and returns the version that it "
    "made";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"idempotency/repeated", "options.hpp", repeat, {&Can::put, &Can::idempotent_put}, repeated},
    {"idempotency/other-data",
     "options.hpp",
     "the same key with other data (value or kind) is a Conflict",
     {&Can::put, &Can::idempotent_put},
     other_data},
    {"idempotency/other-kind",
     "options.hpp",
     "the same key with other data (value or kind) is a Conflict",
     {&Can::put, &Can::idempotent_put},
     other_kind},
    {"idempotency/other-key", "options.hpp", repeat, {&Can::put, &Can::idempotent_put}, other_key},
    {"idempotency/other-secret", "options.hpp", repeat, {&Can::put, &Can::idempotent_put}, other_secret},
    {"idempotency/with-condition",
     "options.hpp",
     "so that a write whose answer was lost can be sent again",
     {&Can::put, &Can::idempotent_put},
     with_condition},
    {"idempotency/forgotten",
     "options.hpp",
     "A `put` or `rollback` in between forgets the key.",
     {&Can::put, &Can::idempotent_put},
     forgotten},
    {"idempotency/after-remove",
     "options.hpp",
     "and a secret that was removed since stays removed",
     {&Can::put, &Can::idempotent_put, &Can::soft_delete},
     after_remove},
    {"idempotency/other-patch",
     "options.hpp",
     "a patch is not compared",
     {&Can::put, &Can::idempotent_put, &Can::annotate},
     other_patch},
    {"idempotency/rollback",
     "options.hpp",
     "Conditions and extras of a `put` or `rollback`.",
     {&Can::put, &Can::idempotent_put, &Can::rollback},
     repeated_rollback},
    {"idempotency/malformed",
     "options.hpp",
     "0 to 64 printable ASCII characters without spaces.",
     {&Can::put, &Can::idempotent_put},
     malformed},
});

}  // namespace

Theme idempotency_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
