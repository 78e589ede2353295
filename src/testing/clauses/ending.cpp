// Calls that end before they begin: deadlines that have passed, stop tokens that were triggered.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using namespace std::chrono_literals;

// That each operation fails with `code` and, if it writes, leaves the secret as it was.
void all_end(Trial& t, const Call& call, ErrorCode code, std::string_view when) {
  SecretStore& store = t.open({{"a", "1"}});
  const Snapshot before = look(store, "a");
  const Version version = before.current.value_or(Version("1"));
  for (const OperationKind kind : all_operations) {
    if (!claims(t.can(), kind)) continue;
    const std::string what = std::string(to_string(kind)) + " " + std::string(when);
    const auto error = attempt(store, kind, {.name = "a", .version = version, .call = call});
    t.failed_with(error_of(error), {code}, what);
    if (error) t.that(error->effect() == Effect::None, "the effect of " + what + " to be none", "another");
    t.same(look(store, "a"), before, what + " to leave the secret as it was");
  }
}

void many_end(Trial& t, const Call& call, ErrorCode code, std::string_view when) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto error = attempt_many(store, Name::parse("a").value(), call);
  t.failed_with(error_of(error), {code}, "an item of get_many " + std::string(when));
}

Call late(Trial& t) {
  return {.deadline = t.steady() - 1ms};
}

Call stopped() {
  std::stop_source source;
  source.request_stop();
  return {.stop = source.get_token()};
}

void deadline_passed(Trial& t) {
  all_end(t, late(t), ErrorCode::Timeout, "with a deadline that has passed");
}
void deadline_many(Trial& t) {
  many_end(t, late(t), ErrorCode::Timeout, "with a deadline that has passed");
}
void stop_triggered(Trial& t) {
  all_end(t, stopped(), ErrorCode::Cancelled, "with a stop token that was triggered");
}
void stop_many(Trial& t) {
  many_end(t, stopped(), ErrorCode::Cancelled, "with a stop token that was triggered");
}

void deadline_creates_nothing(Trial& t) {
  SecretStore& store = t.open();
  t.fails(store.put("new", bytes("1"), {}, late(t)), ErrorCode::Timeout, "put with a deadline that has passed");
  t.fails(store.put("new", bytes("1"), {}, stopped()), ErrorCode::Cancelled, "put with a token that was triggered");
  t.fails(store.get("new"), ErrorCode::NotFound, "get of what was not put in time");
}

void deadline_ahead(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const std::stop_source source;
  const Actor actor{.type = "service", .id = "billing-api", .origin = "192.0.2.1", .request_id = "7"};
  const Call call{.actor = &actor, .deadline = t.steady() + 1h, .stop = source.get_token()};
  const Version version = t.stat(store, "a").current.value_or(Version("1"));
  for (const OperationKind kind : all_operations) {
    if (!claims(t.can(), kind)) continue;
    const auto error = attempt(store, kind, {.name = "a", .version = version, .call = call});
    const bool ended = error && (error->code() == ErrorCode::Timeout || error->code() == ErrorCode::Cancelled);
    t.that(!ended, std::string(to_string(kind)) + " with an hour to go not to end early", told(error_of(error)));
  }
}

using Can = Capabilities;
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"deadline/passed", "call.hpp", "Past it the call returns Timeout.", {}, deadline_passed},
    {"deadline/get_many", "call.hpp", "Past it the call returns Timeout.", {}, deadline_many},
    {"deadline/creates-nothing",
     "store.hpp",
     "**Before any I/O** this class checks the deadline and the stop token",
     {&Can::put},
     deadline_creates_nothing},
    {"deadline/ahead",
     "call.hpp",
     "Until when a call may take, on the steady clock of the store that is called",
     {},
     deadline_ahead},
    {"stop/triggered",
     "call.hpp",
     "When triggered, the call returns Cancelled as soon as the store can.",
     {},
     stop_triggered},
    {"stop/get_many",
     "call.hpp",
     "When triggered, the call returns Cancelled as soon as the store can.",
     {},
     stop_many},
});

}  // namespace

Theme ending_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
