// Several threads at once.
#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <set>

#include <fmt/format.h>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"
#include "testing/race.hpp"

namespace locket::inline v1::testing {
namespace {

// Remote stores are tried too: rounds cost round trips.
constexpr std::size_t rounds = 20;

bool racy(Trial& t) {
  return t.skip_if(t.can().cas != Cas::Linearizable, "the store does not claim Cas::Linearizable");
}

// All threads put under the same condition: one must succeed, the others get Conflict, and the value is the winner's.
void one_wins(Trial& t, SecretStore& store, std::string_view name, const PutOptions& options) {
  std::array<std::optional<Result<Version>>, threads_at_once> results;
  race(t, threads_at_once,
       [&](std::size_t i) { results[i] = store.put(name, bytes(fmt::format("writer {}", i)), options); });
  std::size_t winners = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i]) continue;
    if (!*results[i]) {
      t.fails(*results[i], ErrorCode::Conflict, "a put that lost against another with the same condition");
      continue;
    }
    if (++winners == 1) t.reads(store, name, fmt::format("writer {}", i));
  }
  t.count(winners, 1, fmt::format("how many of {} puts with the same condition succeed", threads_at_once));
}

void one_creator(Trial& t) {
  if (racy(t)) return;
  SecretStore& store = t.open();
  for (std::size_t round = 0; round < rounds; ++round) one_wins(t, store, fmt::format("a{}", round), only_new());
}

void one_successor(Trial& t) {
  if (racy(t)) return;
  SecretStore& store = t.open();
  t.put(store, "a", "first");
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto current = t.stat(store, "a").current;
    if (!current) return;
    one_wins(t, store, "a", only_if(*current));
  }
}

// Counts up with compare-and-swap: what is lost or counted twice shows in the sum.
void counter(Trial& t) {
  if (racy(t)) return;
  SecretStore& store = t.open({{"counter", "0"}});
  const auto count_one = [&] {
    for (std::size_t tries = 0; tries < 10'000; ++tries) {
      const auto secret = store.get("counter");
      if (!t.ok(secret, "get of the counter") || !secret->version()) return;
      const int next = std::stoi(std::string(secret->value().expose())) + 1;
      const auto put = store.put("counter", bytes(std::to_string(next)), only_if(*secret->version()));
      if (put) return;
      t.fails(put, ErrorCode::Conflict, "a put that lost against another");
      if (put.error().code() != ErrorCode::Conflict) return;
    }
    t.fail("a conditional put to succeed in the end", "10,000 Conflicts");
  };
  race(t, threads_at_once, [&](std::size_t) {
    for (int i = 0; i < 5; ++i) count_one();
  });
  t.reads(store, "counter", std::to_string(5 * threads_at_once));
}

// Each thread on a name of its own reads what it wrote, whatever the others do.
void own_names(Trial& t) {
  SecretStore& store = t.open();
  race(t, threads_at_once, [&](std::size_t i) {
    const std::string name = fmt::format("own/n{}", i);
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::string value = fmt::format("thread {} round {}", i, round);
      t.put(store, name, value);
      t.reads(store, name, value);
    }
  });
  for (std::size_t i = 0; i < threads_at_once; ++i) {
    t.reads(store, fmt::format("own/n{}", i), fmt::format("thread {} round {}", i, rounds - 1));
  }
}

void whole_values(Trial& t) {
  SecretStore& store = t.open({{"a", std::string(64, 'a')}});
  race(t, threads_at_once, [&](std::size_t i) {
    for (std::size_t round = 0; round < rounds; ++round) {
      if (i % 2 == 0) t.put(store, "a", std::string(16 * (1 + i), static_cast<char>('a' + i)));
      const auto secret = store.get("a");
      if (!t.ok(secret, "get while others put")) return;
      const std::string_view value = secret->value().expose();
      const bool whole = value.find_first_not_of(value[0]) == std::string_view::npos;
      t.that(whole, "what is read to be a value that was put, whole", "parts of several");
    }
  });
}

void every_put_counts(Trial& t) {
  const std::uint64_t kept = t.can().max_versions;
  if (t.skip_if(kept != 0 && kept < 5 * threads_at_once, "the store keeps too few versions")) return;
  SecretStore& store = t.open();
  std::array<std::vector<Version>, threads_at_once> made;
  race(t, threads_at_once, [&](std::size_t i) {
    for (int round = 0; round < 5; ++round) made[i].push_back(t.put(store, "a", fmt::format("{} {}", i, round)));
  });
  std::map<std::string, std::string> expected;
  for (std::size_t i = 0; i < made.size(); ++i) {
    for (std::size_t round = 0; round < made[i].size(); ++round) {
      expected.emplace(made[i][round].text(), fmt::format("{} {}", i, round));
    }
  }
  t.count(expected.size(), 5 * threads_at_once, "the number of different versions that were returned");
  for (const auto& [version, value] : expected)
    t.holds(store.get("a", at(Version(version))), value, "get of version " + quoted(version));
}

// Anything that may happen to a name that others write and remove at the same time.
bool expected_in_a_crowd(const Error& error) {
  return error.code() == ErrorCode::NotFound || error.code() == ErrorCode::Deleted;
}

void everything_at_once(Trial& t) {
  SecretStore& store = t.open({{"n0", "1"}, {"n1", "1"}, {"n2", "1"}, {"n3", "1"}});
  race(t, threads_at_once, [&](std::size_t i) {
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::string name = fmt::format("n{}", (i + round) % 4);
      for (std::size_t k = 0; k < all_operations.size(); ++k) {
        const OperationKind kind = all_operations[(k + i) % all_operations.size()];
        if (!claims(t.can(), kind)) continue;
        const auto error = attempt(store, kind, {.name = name});
        if (error && !expected_in_a_crowd(*error))
          t.fail(called(to_string(kind), name) + " among others to succeed", told(error_of(error)));
      }
      const auto error = attempt_many(store, Name::parse(name).value(), {});
      if (error && !expected_in_a_crowd(*error)) t.fail("get_many among others to succeed", told(error_of(error)));
    }
  });
}

// Others come and go while the list is read, again and again.
void list_among_writers(Trial& t) {
  SecretStore& store = t.open({{"s/a", "1"}, {"s/c", "1"}, {"s/e", "1"}, {"s/g", "1"}, {"s/i", "1"}});
  std::atomic<bool> done = false;
  race(t, 3, [&](std::size_t i) {
    if (i == 0) {
      for (std::size_t round = 0; round < rounds; ++round) {
        std::multiset<std::string> seen;
        for (std::string& name : t.names(store, "s", {.limit = 2})) seen.insert(std::move(name));
        for (const auto* stays : {"s/a", "s/c", "s/e", "s/g", "s/i"}) {
          t.count(seen.count(stays), 1,
                  fmt::format("how often {}, which was there all the time, is listed", quoted(stays)));
        }
      }
      done = true;
    }
    const std::string name = i == 1 ? "s/b" : "s/h";
    while (!done) {
      t.put(store, name, "comes");
      t.remove(store, name);
    }
  });
}

using Can = Capabilities;
constexpr std::string_view any_thread = "Any method may be called from any thread at once";
constexpr std::string_view exactly_one =
    "Of several writers with the same condition exactly one succeeds, over all processes.";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"threads/one-creator", "capabilities.hpp", exactly_one, {&Can::put}, one_creator},
    {"threads/one-successor", "capabilities.hpp", exactly_one, {&Can::put, &Can::versions}, one_successor},
    {"threads/counter", "capabilities.hpp", exactly_one, {&Can::put, &Can::versions}, counter},
    {"threads/own-names", "store.hpp", any_thread, {&Can::put}, own_names},
    {"threads/whole-values", "store.hpp", any_thread, {&Can::put}, whole_values},
    {"threads/every-put-counts", "store.hpp", any_thread, {&Can::put, &Can::versions}, every_put_counts},
    {"threads/everything", "store.hpp", any_thread, {}, everything_at_once},
    {"threads/list",
     "info.hpp",
     "What was there during the whole listing appears exactly once over its pages",
     {&Can::list, &Can::put, &Can::remove},
     list_among_writers},
});

}  // namespace

Theme thread_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
