// What a store says it can do, against what it does; and what it says about itself.
#include <algorithm>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using Can = Capabilities;

bool one_line(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '\x7f'; });
}

void unsupported(Trial& t) {
  SecretStore& store = t.open();
  for (const OperationKind kind : all_operations) {
    if (claims(t.can(), kind)) continue;
    const auto error = attempt(store, kind, {.name = "a"});
    t.failed_with(error_of(error), {ErrorCode::NotSupported}, called(to_string(kind), "a"));
  }
}

void unsupported_reads(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto refused = [&](bool claimed, const auto& result, std::string_view what) {
    if (!claimed) t.fails(result, ErrorCode::NotSupported, what);
  };
  const GetOptions stage{.which = Stage{"latest"}};
  refused(t.can().versions, store.get("a", at(Version("1"))), "get of a version");
  refused(t.can().versions, store.stat("a", at(Version("1"))), "stat of a version");
  refused(t.can().stages, store.get("a", stage), "get of a stage");
  refused(t.can().stages, store.stat("a", stage), "stat of a stage");
  refused(t.can().list_metadata, store.list("", {.metadata = true}), "list with metadata");
  refused(t.can().list && t.can().soft_delete, store.list("", {.deleted = true}), "list of removed secrets");
}

void unsupported_writes(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto refused = [&](bool claimed, const PutOptions& options, std::string_view what) {
    if (!claimed) t.fails(store.put("b", bytes("1"), options), ErrorCode::NotSupported, what);
  };
  const auto expires = t.now() + std::chrono::hours(1);
  refused(t.can().cas != Cas::None, only_new(), "put with MustNotExist");
  const bool versioned = t.can().cas != Cas::None && t.can().versions;
  refused(versioned, only_if(Version("1")), "put with a version as its condition");
  refused(t.can().idempotent_put, {.idempotency_key = "key"}, "put with an idempotency key");
  refused(t.can().annotate, {.metadata = MetadataPatch{.description = "d"}}, "put with metadata");
  refused(t.can().annotate, {.metadata = MetadataPatch{}}, "put with an empty patch");
  refused(t.can().expiry, {.metadata = MetadataPatch{.expires = expires}}, "put with an expiry");
  if (t.can().expiry) return;
  t.fails(store.annotate("a", {.expires = expires}), ErrorCode::NotSupported, "annotate with an expiry");
}

void supported(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const Version version = t.stat(store, "a").current.value_or(Version("1"));
  for (const OperationKind kind : all_operations) {
    if (!claims(t.can(), kind)) continue;
    const auto error = attempt(store, kind, {.name = "a", .version = version});
    const bool refused = error && error->code() == ErrorCode::NotSupported;
    t.that(!refused, called(to_string(kind), "a") + ", which is claimed, to be supported", told(error_of(error)));
  }
}

void supported_options(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto admitted = [&](bool claimed, const auto& result, std::string_view what) {
    const bool refused = !result && result.error().code() == ErrorCode::NotSupported;
    if (claimed) t.that(!refused, std::string(what) + ", which is claimed, to be supported", told(error_of(result)));
  };
  admitted(t.can().versions, store.get("a", at(Version("1"))), "get of a version");
  admitted(t.can().stages, store.get("a", {.which = Stage{"latest"}}), "get of a stage");
  admitted(t.can().list_metadata, store.list("", {.metadata = true}), "list with metadata");
  admitted(t.can().list && t.can().soft_delete, store.list("", {.deleted = true}), "list of removed secrets");
  if (!t.can().put) return;
  admitted(t.can().cas != Cas::None, store.put("b", bytes("1"), only_new()), "put with MustNotExist");
  admitted(t.can().idempotent_put, store.put("c", bytes("1"), {.idempotency_key = "k"}), "put with an idempotency key");
  const MetadataPatch expiry{.expires = t.now() + std::chrono::hours(1)};
  admitted(t.can().annotate && t.can().expiry, store.put("d", bytes("1"), {.metadata = expiry}), "put with an expiry");
}

void coherent(Trial& t) {
  const Capabilities& can = t.can();
  const auto implies = [&](bool claimed, bool needed, std::string_view expected) {
    t.that(!claimed || needed, expected, "the one claimed without the other");
  };
  implies(can.cas != Cas::None, can.put, "`cas` only with `put`");
  implies(can.idempotent_put, can.put, "`idempotent_put` only with `put`");
  implies(can.soft_delete, can.remove, "`soft_delete` only with `remove`");
  implies(can.undelete, can.soft_delete, "`undelete` only with `soft_delete`");
  implies(can.rollback, can.versions, "`rollback` only with `versions`");
  implies(can.list_metadata, can.list, "`list_metadata` only with `list`");
  t.that(can.max_name <= max_name_size, "`max_name` to be no more than max_name_size", std::to_string(can.max_name));
}

void constant(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const Capabilities* const first = &store.capabilities();
  const Capabilities before = *first;
  for (const OperationKind kind : all_operations) attempt(store, kind, {.name = "a"});
  t.that(&store.capabilities() == first, "capabilities() to return the same object", "another one");
  t.that(store.capabilities() == before, "capabilities to stay what they were", "others");
}

void describes(Trial& t) {
  const SecretStore& store = t.open({{"a", "locket-canary"}});
  const std::string description = store.describe();
  t.that(one_line(description), "describe() to be one line of text", quoted(description));
  t.that(description.find("locket-canary") == std::string::npos, "describe() to hold no value", "one");
}

void healthy(Trial& t) {
  const auto health = t.value(t.open().health(), "health()");
  if (!health) return;
  t.that(health->ready, "a store that was just opened to be ready", "state " + quoted(health->state));
  const bool word = one_line(health->state) && health->state.find(' ') == std::string::npos;
  t.that(word, "the state to be a word", quoted(health->state));
  t.that((health->state == "ok") == health->ready, "the state to be \"ok\" exactly when ready", quoted(health->state));
}

void clock_is_given(Trial& t) {
  const SecretStore& store = t.open();
  const Clock* const clock = store.settings().clock.get();
  t.that(clock != nullptr, "settings().clock to be a clock", "null");
  if (t.clock() == nullptr) return;
  t.that(clock == t.clock(), "settings().clock to be the clock that the fixture names", "another one");
}

constexpr auto definitions = std::to_array<Clause::Definition>({
    {"capabilities/unsupported",
     "capabilities.hpp",
     "An operation that is not among them returns NotSupported without touching the store",
     {},
     unsupported},
    {"capabilities/unsupported-reads",
     "capabilities.hpp",
     "An operation that is not among them returns NotSupported without touching the store",
     {},
     unsupported_reads},
    {"capabilities/unsupported-writes",
     "capabilities.hpp",
     "An operation that is not among them returns NotSupported without touching the store",
     {&Can::put},
     unsupported_writes},
    {"capabilities/supported",
     "capabilities.hpp",
     "The conformance suite holds a store to what it says here.",
     {},
     supported},
    {"capabilities/supported-options",
     "capabilities.hpp",
     "The conformance suite holds a store to what it says here.",
     {},
     supported_options},
    {"capabilities/coherent",
     "capabilities.hpp",
     "The conformance suite holds a store to what it says here.",
     {},
     coherent},
    {"capabilities/constant", "store.hpp", "What this store can do: the same for its whole life.", {}, constant},
    {"describe/one-line",
     "store.hpp",
     "One line for people and logs: kind and place, never a credential",
     {},
     describes},
    {"health/ready", "store.hpp", "Whether the store can serve, and its state in a word.", {}, healthy},
    {"settings/clock", "store.hpp", "The clock is never null.", {}, clock_is_given},
});

}  // namespace

Theme capability_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
