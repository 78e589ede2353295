// A forked child: the stores that it inherited answer Unavailable, the Secrets that it inherited stay readable.
#include <atomic>
#include <thread>

#include "testing/attempt.hpp"
#include "testing/child.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

bool no_fork(Trial& t) {
  return t.skip_if(!no_child().empty(), no_child());
}

// Runs in a child and notes there what is not as expected; its text comes back to the parent.
void expect_in_child(Trial& t, const std::function<std::string()>& body, std::string_view expected) {
  const std::string seen = in_child(body);
  t.that(seen.empty(), expected, seen);
}

std::string seen_instead(std::string_view operation, const std::optional<Error>& error) {
  if (error && error->code() == ErrorCode::Unavailable) return {};
  return std::string(operation) + ": " + told(error_of(error)) + "; ";
}

// Which operations answer anything but Unavailable (or, where they are not claimed, NotSupported).
std::string all_unavailable(SecretStore& store, const Version& version) {
  std::string others;
  for (const OperationKind kind : all_operations) {
    const auto error = attempt(store, kind, {.name = "a", .version = version});
    if (!claims(store.capabilities(), kind) && error && error->code() == ErrorCode::NotSupported) continue;
    others += seen_instead(to_string(kind), error);
  }
  return others + seen_instead("get_many", attempt_many(store, Name::parse("a").value(), {}));
}

void unavailable(Trial& t) {
  if (no_fork(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  const Version version = t.stat(store, "a").current.value_or(Version("1"));
  const Snapshot before = look(store, "a");
  expect_in_child(
      t, [&] { return all_unavailable(store, version); }, "every operation to answer Unavailable in a forked child");
  t.same(look(store, "a"), before, "the parent's store to be as it was before the fork");
}

// The child is forked while a thread of its parent may hold any lock of the store.
void unavailable_while_busy(Trial& t) {
  if (no_fork(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  const std::jthread busy([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      attempt(store, OperationKind::Get, {.name = "a"});
      if (t.can().put) attempt(store, OperationKind::Put, {.name = "b"});
      if (t.can().list) attempt(store, OperationKind::List, {.name = "b"});
    }
  });
  for (int i = 0; i < 10 && !t.failed(); ++i) {
    expect_in_child(
        t, [&] { return all_unavailable(store, Version("1")); },
        "every operation to answer Unavailable at once, also when a thread was using the store at the fork,");
  }
}

void secrets_stay(Trial& t) {
  if (no_fork(t)) return;
  SecretStore& store = t.open({{"a", R"({"user":"x"})"}});
  const auto secret = t.value(store.get("a"), called("get", "a"));
  if (!secret) return;
  expect_in_child(
      t,
      [&]() -> std::string {
        const std::vector<Secret> copies(2, *secret);
        const auto field = copies[0].field("user");
        if (copies[1].value().expose() != R"({"user":"x"})") return "another value";
        return field && field->expose() == "x" ? "" : "no field";
      },
      "a secret to be readable in a forked child");
}

void describes_itself(Trial& t) {
  if (no_fork(t)) return;
  const SecretStore& store = t.open();
  const std::string description = store.describe();
  const Capabilities can = store.capabilities();
  expect_in_child(
      t,
      [&]() -> std::string {
        if (store.describe() != description) return "another description";
        return store.capabilities() == can ? "" : "other capabilities";
      },
      "describe() and capabilities() to answer in a forked child what they answered before");
}

// A child drops what it inherited, as an embedding program's shutdown would; the parent must not notice.
void dropped(Trial& t) {
  if (no_fork(t)) return;
  SecretStore& store = t.open({{"a", "1"}});
  expect_in_child(
      t, [&]() -> std::string { return t.close(), std::string(); }, "a forked child to be able to destroy the store");
  t.reads(store, "a", "1");
  if (t.can().put) t.put(store, "a", "2"), t.reads(store, "a", "2");
}

constexpr std::string_view anew = "in a forked child, answers Unavailable: open the store anew there";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"fork/unavailable", "store.hpp", anew, {}, unavailable},
    {"fork/while-busy", "store.hpp", anew, {}, unavailable_while_busy},
    {"fork/secrets-stay",
     "secret.hpp",
     "It stays readable when the store is gone, and in a forked child.",
     {},
     secrets_stay},
    {"fork/describes",
     "store.hpp",
     "The same object for the store's whole life, also in a forked child.",
     {},
     describes_itself},
    {"fork/dropped", "store.hpp", "must be neither used nor closed", {}, dropped},
});

}  // namespace

Theme fork_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
