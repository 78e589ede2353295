// Two handles on one store, as two processes have: what is kept, who sees what, who wins.
#include <fmt/format.h>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"
#include "testing/race.hpp"

namespace locket::inline v1::testing {
namespace {

void same_content(Trial& t) {
  SecretStore& first = t.open({{"a", "1"}, {"db/password", "s3cret"}});
  SecretStore* const second = t.open_again();
  if (second == nullptr) return;
  t.reads(*second, "a", "1");
  t.reads(*second, "db/password", "s3cret");
  t.fails(second->get("missing"), ErrorCode::NotFound, called("get", "missing"));
  t.same(look(*second, "a"), look(first, "a"), "both handles to show the same of a secret");
  if (t.can().list) t.same(t.names(*second), t.names(first), "both handles to list the same");
}

void sees_writes(Trial& t) {
  SecretStore& first = t.open({{"a", "1"}});
  SecretStore* const second = t.open_again();
  if (second == nullptr) return;
  t.reads(*second, "a", "1");
  t.put(first, "a", "2");
  t.reads(*second, "a", "2");
  t.put(*second, "a", "3");
  t.reads(first, "a", "3");
  t.put(*second, "b", "new");
  t.reads(first, "b", "new");
  if (t.can().annotate) t.annotate(*second, "a", {.description = "by the other"});
  if (t.can().remove) t.remove(*second, "b");
  t.same(look(*second, "a"), look(first, "a"), "both handles to show the same of a secret");
  t.same(look(*second, "b"), look(first, "b"), "both handles to show the same of a removed secret");
}

void is_kept(Trial& t) {
  SecretStore& store = t.open({{"bytes", "1"}, {"removed", "2"}});
  t.put(store, "bytes", "2");
  if (!t.quirks().bytes_only) t.put(store, "fields", fields({{"password", "y"}, {"user", "x"}}));
  if (t.can().annotate) t.annotate(store, "bytes", {.description = "kept", .tags = {{"team", "core"}}});
  if (t.can().remove) t.remove(store, "removed");
  const auto everything = [](SecretStore& seen) {
    return std::vector<Snapshot>{look(seen, "bytes"), look(seen, "fields"), look(seen, "removed"), look(seen, "none")};
  };
  const auto before = everything(store);
  t.close();
  SecretStore* const again = t.open_again();
  if (again != nullptr)
    t.same(everything(*again), before, "what was written to be there when the store is opened anew");
}

void one_creator(Trial& t) {
  if (t.skip_if(t.can().cas != Cas::Linearizable, "the store does not claim Cas::Linearizable")) return;
  SecretStore& first = t.open();
  SecretStore* const second = t.open_again();
  if (second == nullptr) return;
  for (int round = 0; round < 10; ++round) {
    const std::string name = fmt::format("a{}", round);
    std::array<std::optional<Result<Version>>, threads_at_once> puts;
    race(t, threads_at_once, [&](std::size_t i) {
      puts[i] = (i % 2 == 0 ? first : *second).put(name, bytes(fmt::format("writer {}", i)), only_new());
    });
    std::size_t winners = 0;
    for (const auto& put : puts) {
      if (put && *put) ++winners;
      if (put && !*put) t.fails(*put, ErrorCode::Conflict, "a put that lost against one of the other handle");
    }
    t.count(winners, 1, "how many puts over two handles with the same condition succeed");
  }
}

void repeated(Trial& t) {
  SecretStore& first = t.open();
  SecretStore* const second = t.open_again();
  if (second == nullptr) return;
  const PutOptions keyed{.idempotency_key = "request-1"};
  const Version version = t.put(first, "a", "1", keyed);
  t.version(t.put(*second, "a", "1", keyed), version, "the version of a put that is repeated on another handle");
  t.fails(second->put("a", bytes("2"), keyed), ErrorCode::Conflict, "a put of other data with the same key there");
}

using Can = Capabilities;
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"handle/same-content", "store.hpp", "A place where secrets live", {}, same_content},
    {"handle/sees-writes", "store.hpp", "A place where secrets live", {&Can::put}, sees_writes},
    {"handle/is-kept", "store.hpp", "A place where secrets live", {&Can::put}, is_kept},
    {"handle/one-creator",
     "capabilities.hpp",
     "Of several writers with the same condition exactly one succeeds, over all processes.",
     {&Can::put},
     one_creator},
    {"handle/repeated",
     "options.hpp",
     "so that a write whose answer was lost can be sent again",
     {&Can::put, &Can::idempotent_put},
     repeated},
});

}  // namespace

Theme handle_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
