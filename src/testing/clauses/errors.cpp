// What errors say, what they never say, and that one kind never stands for another.
#include <algorithm>
#include <array>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using namespace std::string_view_literals;

// Operations that fail for a secret that is not there.
constexpr std::array on_a_secret{OperationKind::Get,      OperationKind::Stat,     OperationKind::Versions,
                                 OperationKind::Rollback, OperationKind::Annotate, OperationKind::Remove,
                                 OperationKind::Undelete, OperationKind::Purge};

void says(Trial& t, const Error& error, std::string_view operation, std::string_view name) {
  const std::string what = "of the error of " + called(operation, name);
  t.that(!error.backend().empty(), "`backend` " + what + " to say which store", "nothing");
  t.that(error.operation() == operation, "`operation` " + what, quoted(error.operation()));
  t.that(error.name() == name, "`name` " + what, quoted(error.name()));
  const std::string& message = error.message();
  const bool one_clause = !message.empty() && message.back() != '.' && message.find('\n') == std::string::npos;
  t.that(one_clause, "`message` " + what + " to be one clause without a full stop", quoted(message));
}

void says_where(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  for (const OperationKind kind : on_a_secret) {
    if (!claims(t.can(), kind)) continue;
    const auto error = attempt(store, kind, {.name = "db/missing"});
    if (error) says(t, *error, to_string(kind), "db/missing");
  }
}

void says_where_many(Trial& t) {
  const auto error = attempt_many(t.open(), Name::parse("db/missing").value(), {});
  t.failed_with(error_of(error), {ErrorCode::NotFound}, "get_many of a missing secret");
  if (error) says(t, *error, "get", "db/missing");
}

void no_effect(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  for (const OperationKind kind : on_a_secret) {
    if (!claims(t.can(), kind)) continue;
    const auto error = attempt(store, kind, {.name = "missing"});
    if (error)
      t.that(error->effect() == Effect::None, "the effect of a refused " + std::string(to_string(kind)) + " to be none",
             "another");
  }
}

// The canary, a piece of it, and what it looks like in hex and base64.
constexpr std::string_view canary = "locket-canary-7f3a9c51e2d84b60";
constexpr std::array leaks{"7f3a9c51"sv, "e2d84b60"sv, "37663361396335"sv, "bG9ja2V0LWNhbmFy"sv};

void no_leak(Trial& t, const Error& error, std::string_view what) {
  for (const std::string& text :
       {error.to_string(), error.reason(), error.backend(), error.operation(), error.name(), error.request_id()}) {
    const bool leaked =
        std::any_of(leaks.begin(), leaks.end(), [&](auto leak) { return text.find(leak) != std::string::npos; });
    t.that(!leaked, "the error of " + std::string(what) + " to hold nothing of the value", "a part of it");
  }
}

void reads_leak_nothing(Trial& t) {
  SecretStore& store = t.open({{"a", canary}});
  const auto quiet = [&](const auto& result, std::string_view what) {
    if (!result) no_leak(t, result.error(), what);
  };
  quiet(store.get("missing"), "get of a missing secret");
  quiet(store.get("a b"), "get of a bad name");
  quiet(store.get("a", at(Version("no-such-version"))), "get of a missing version");
  quiet(store.get("a", at(Version("a b"))), "get of a bad version");
  quiet(store.versions("a", {.page = "garbage"}), "versions with a bad page");
  quiet(store.list("", {.page = "garbage"}), "list with a bad page");
  if (t.can().expiry && t.can().annotate) t.annotate(store, "a", {.expires = t.now() - std::chrono::hours(1)});
  quiet(store.get("a"), "get of an expired secret");
  if (t.can().remove) t.remove(store, "a");
  quiet(store.get("a"), "get of a removed secret");
}

void writes_leak_nothing(Trial& t) {
  SecretStore& store = t.open({{"a", canary}});
  const auto put = [&](std::string_view name, std::string_view text, const PutOptions& options, std::string_view what) {
    const auto result = store.put(name, bytes(text), options);
    if (!result) no_leak(t, result.error(), what);
  };
  put("a b", canary, {}, "put of a bad name");
  put("a", canary, only_new(), "put of what exists");
  put("a", canary, only_if(Version("no-such-version")), "put with a condition");
  put("a", canary, {.idempotency_key = "a b"}, "put with a bad key");
  put("c", canary, {.idempotency_key = "key"}, "put with a key");
  put("c", std::string(canary) + "!", {.idempotency_key = "key"}, "put of other data with the same key");
  put("a", canary, {.metadata = MetadataPatch{.reminder_days = 9999U}}, "put with bad metadata");
  if (t.can().max_value == 0 || t.can().max_value > 1U << 24U) return;
  put("a", std::string(canary) + std::string(t.can().max_value, 'x'), {}, "put of too large a value");
}

void canary_in_fields(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  SecretStore& store = t.open();
  const auto put = store.put("a", fields({{"password", canary}, {"user", "x"}}), only_if(Version("no-such-version")));
  if (!put) no_leak(t, put.error(), "put of fields with a condition");
}

bool may_write(ErrorCode kind) {
  return kind != ErrorCode::PermissionDenied && kind != ErrorCode::Unauthenticated;
}

template <ErrorCode kind>
void stays_itself(Trial& t) {
  SecretStore* const store = t.open_failing(kind, {{"a", "1"}});
  if (store == nullptr) return;
  t.fails(store->get("a"), kind, called("get", "a"));
  t.fails(store->stat("a"), kind, called("stat", "a"));
  const auto many = attempt_many(*store, Name::parse("a").value(), {});
  t.failed_with(error_of(many), {kind}, "get_many of \"a\"");
  if (!t.can().put || kind == ErrorCode::Integrity || kind == ErrorCode::MalformedResponse) return;
  const auto put = store->put("a", bytes("2"));
  t.fails(put, kind, called("put", "a"));
  if (put) return;
  const Effect effect = put.error().effect();
  t.that(effect == Effect::None || (may_write(kind) && effect == Effect::Unknown), "the put to have had no effect",
         "another");
}

using Can = Capabilities;
constexpr std::string_view kinds =
    "\"Not there\", \"refused\", \"not logged in\" and \"unreachable\" are different kinds and never stand for each "
    "other.";
constexpr std::string_view no_value = "None of it ever holds a value, a token or a response body.";
constexpr std::string_view filled =
    "the errors that it returns get the store's description, the operation and the name filled in";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"error/says-where", "store.hpp", filled, {}, says_where},
    {"error/get_many", "store.hpp", filled, {}, says_where_many},
    {"error/no-effect",
     "store.hpp",
     "A failed write says what it did (`Error::effect`): None, unless the answer was lost",
     {},
     no_effect},
    {"error/reads-leak-nothing", "error.hpp", no_value, {}, reads_leak_nothing},
    {"error/writes-leak-nothing", "error.hpp", no_value, {&Can::put}, writes_leak_nothing},
    {"error/fields-leak-nothing", "error.hpp", no_value, {&Can::put}, canary_in_fields},
    {"error/denied", "store.hpp", kinds, {}, stays_itself<ErrorCode::PermissionDenied>},
    {"error/unauthenticated", "store.hpp", kinds, {}, stays_itself<ErrorCode::Unauthenticated>},
    {"error/network", "store.hpp", kinds, {}, stays_itself<ErrorCode::Network>},
    {"error/unavailable", "store.hpp", kinds, {}, stays_itself<ErrorCode::Unavailable>},
    {"error/integrity", "store.hpp", kinds, {}, stays_itself<ErrorCode::Integrity>},
    {"error/malformed-response", "store.hpp", kinds, {}, stays_itself<ErrorCode::MalformedResponse>},
});

}  // namespace

Theme error_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
