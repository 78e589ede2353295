// get_many.
#include <fmt/format.h>

#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

// Names that live as long as the requests that borrow them.
class Requests {
 public:
  void add(std::string_view name, const GetOptions& options = {}) {
    names_.push_back(Name::parse(name).value());
    options_.push_back(options);
  }

  // As many results as requests; a wrong number is noted, and padded, so that a clause may look at each.
  std::vector<Result<Secret>> fetch(Trial& t, SecretStore& store) const {
    std::vector<GetRequest> requests;
    requests.reserve(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) requests.push_back({.name = names_[i], .options = options_[i]});
    auto results = store.get_many(requests);
    t.count(results.size(), requests.size(), "the number of results of get_many");
    while (results.size() < requests.size()) results.emplace_back(Error({.message = "there was no such result"}));
    return results;
  }

 private:
  std::vector<Name> names_;
  std::vector<GetOptions> options_;
};

void many_in_order(Trial& t) {
  constexpr int count = 40;
  std::vector<Seed> seeds;
  seeds.reserve(count);
  for (int i = 0; i < count; ++i) seeds.push_back({fmt::format("many/n{}", i), bytes(fmt::format("value {}", i))});
  SecretStore& store = t.open(seeds);
  Requests requests;
  for (int i = 0; i < count; ++i) requests.add(seeds[static_cast<std::size_t>((i * 7) % count)].name);
  const auto results = requests.fetch(t, store);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    t.holds(results[index], fmt::format("value {}", (i * 7) % count), fmt::format("result {} of get_many", i));
  }
}

void many_mixed(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  Requests requests;
  for (const auto* name : {"missing", "a", "also/missing", "b", "missing/too"}) requests.add(name);
  const auto results = requests.fetch(t, store);
  t.fails(results[0], ErrorCode::NotFound, "the first result, a secret that is missing,");
  t.holds(results[1], "1", "the second result, between two that fail,");
  t.fails(results[2], ErrorCode::NotFound, "the third result, a secret that is missing,");
  t.holds(results[3], "2", "the fourth result, between two that fail,");
  t.fails(results[4], ErrorCode::NotFound, "the last result, a secret that is missing,");
}

void many_twice(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  Requests requests;
  for (const auto* name : {"a", "a", "missing", "b", "a", "missing"}) requests.add(name);
  const auto results = requests.fetch(t, store);
  for (const std::size_t i : {0U, 1U, 4U}) t.holds(results[i], "1", "a secret that is asked for three times");
  for (const std::size_t i : {2U, 5U}) t.fails(results[i], ErrorCode::NotFound, "a missing secret asked for twice");
  t.holds(results[3], "2", "the secret between them");
}

void many_none(Trial& t) {
  t.count(t.open({{"a", "1"}}).get_many({}).size(), 0, "the number of results of get_many of nothing");
}

void many_versions(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "one");
  t.put(store, "a", "two");
  Requests requests;
  requests.add("a", at(first));
  requests.add("a");
  requests.add("a", at(Version("no-such-version")));
  const auto results = requests.fetch(t, store);
  t.holds(results[0], "one", "the first version, asked for beside the current one,");
  t.holds(results[1], "two", "the current version, asked for beside the first,");
  t.fails(results[2], ErrorCode::NotFound, "a version that is not there, beside two that are,");
}

void many_hostile_version(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  Requests requests;
  requests.add("a");
  requests.add("a", at(Version("a b")));
  requests.add("a");
  const auto results = requests.fetch(t, store);
  t.holds(results[0], "1", "what is asked for beside a malformed version");
  t.fails(results[1], {ErrorCode::InvalidArgument, ErrorCode::NotSupported}, "a malformed version among others");
  t.holds(results[2], "1", "what is asked for beside a malformed version");
}

void many_removed(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  t.remove(store, "a");
  Requests requests;
  requests.add("a");
  requests.add("b");
  const auto results = requests.fetch(t, store);
  t.fails(results[0], ErrorCode::Deleted, "get_many of a removed secret");
  t.holds(results[1], "2", "what is asked for beside it");
}

void many_expired(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  t.annotate(store, "a", {.expires = t.now() - std::chrono::hours(1)});
  Requests requests;
  requests.add("a");
  requests.add("b");
  const auto results = requests.fetch(t, store);
  t.fails(results[0], ErrorCode::Expired, "get_many of an expired secret");
  t.holds(results[1], "2", "what is asked for beside it");
}

using Can = Capabilities;
constexpr std::string_view as_get = "as many results as requests, in their order, each as `get` would have returned it";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"get_many/in-order", "store.hpp", as_get, {}, many_in_order},
    {"get_many/mixed", "store.hpp", "Never fails as a whole", {}, many_mixed},
    {"get_many/twice", "store.hpp", "what is asked for twice is fetched once", {}, many_twice},
    {"get_many/none", "store.hpp", as_get, {}, many_none},
    {"get_many/versions", "store.hpp", as_get, {&Can::put, &Can::versions}, many_versions},
    {"get_many/malformed-version", "store.hpp", "Never fails as a whole", {}, many_hostile_version},
    {"get_many/removed", "store.hpp", as_get, {&Can::soft_delete}, many_removed},
    {"get_many/expired", "store.hpp", as_get, {&Can::annotate, &Can::expiry}, many_expired},
});

}  // namespace

Theme many_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
