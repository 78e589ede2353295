// `expires`: from that moment on the value is not released.
#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using namespace std::chrono_literals;

void expire(Trial& t, SecretStore& store, std::string_view name) {
  t.annotate(store, name, {.expires = std::chrono::floor<std::chrono::seconds>(t.now()) - 1h});
}

void before_it(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto expires = std::chrono::floor<std::chrono::seconds>(t.now()) + 1h;
  t.annotate(store, "a", {.expires = expires});
  t.reads(store, "a", "1");
  t.same(t.metadata(store, "a").expires, std::optional<Clock::Wall>(expires), "`expires` to be what was set");
}

void after_it(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  expire(t, store, "a");
  t.fails(store.get("a"), ErrorCode::Expired, "get of a secret that expired an hour ago");
  t.reads(store, "b", "2");
}

void at_it(Trial& t) {
  if (t.skip_if(t.clock() == nullptr, "the store runs on the machine's clock")) return;
  SecretStore& store = t.open({{"a", "1"}});
  t.annotate(store, "a", {.expires = t.now() + 60s});
  t.clock()->advance(59s);
  t.reads(store, "a", "1");
  t.clock()->advance(1s);
  t.fails(store.get("a"), ErrorCode::Expired, "get at the moment of expiry");
  t.clock()->advance(24h);
  t.fails(store.get("a"), ErrorCode::Expired, "get a day after expiry");
}

void with_put(Trial& t) {
  SecretStore& store = t.open();
  t.put(store, "a", "1", {.metadata = MetadataPatch{.expires = t.now() - 1h}});
  t.fails(store.get("a"), ErrorCode::Expired, "get of a secret that was put with an expiry in the past");
}

void all_versions(Trial& t) {
  SecretStore& store = t.open();
  const Version first = t.put(store, "a", "1");
  const Version second = t.put(store, "a", "2");
  expire(t, store, "a");
  t.fails(store.get("a", at(first)), ErrorCode::Expired, "get of an older version of an expired secret");
  t.fails(store.get("a", at(second)), ErrorCode::Expired, "get of the current version of an expired secret");
}

void told_by_stat(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  expire(t, store, "a");
  const auto info = t.value(store.stat("a"), "stat of an expired secret");
  if (!info || !info->metadata) return;
  t.that(info->metadata->expires < t.now(), "stat to tell when it expired", "another time, or none");
  t.that(!info->deleted, "an expired secret not to be `deleted`", "`deleted`");
}

void told_by_list(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}, {"b", "2"}});
  expire(t, store, "a");
  t.count(t.names(store).size(), 2, "the number of secrets in the list, one of them expired");
}

void told_by_versions(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  expire(t, store, "a");
  t.that(!t.versions(store, "a").empty(), "the versions of an expired secret to be told", "none");
}

void can_be_moved(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  expire(t, store, "a");
  t.annotate(store, "a", {.expires = t.now() + 1h});
  t.reads(store, "a", "1");
  expire(t, store, "a");
  t.annotate(store, "a", {.expires = clear});
  t.reads(store, "a", "1");
  t.that(!t.metadata(store, "a").expires, "a cleared `expires` to be none", "some");
}

void put_does_not_move_it(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  expire(t, store, "a");
  t.put(store, "a", "2");
  t.fails(store.get("a"), ErrorCode::Expired, "get after a put that says nothing of `expires`");
  t.put(store, "a", "3", {.metadata = MetadataPatch{.expires = t.now() + 1h}});
  t.reads(store, "a", "3");
}

using Can = Capabilities;
constexpr std::string_view not_released = "From this moment on the value is not released (Expired)";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"expiry/before", "metadata.hpp", not_released, {&Can::annotate, &Can::expiry}, before_it},
    {"expiry/after",
     "store.hpp",
     "Expired: its `expires` has passed, whatever version is asked for.",
     {&Can::annotate, &Can::expiry},
     after_it},
    {"expiry/at", "metadata.hpp", not_released, {&Can::annotate, &Can::expiry}, at_it},
    {"expiry/with-put", "metadata.hpp", not_released, {&Can::put, &Can::annotate, &Can::expiry}, with_put},
    {"expiry/all-versions",
     "store.hpp",
     "Expired: its `expires` has passed, whatever version is asked for.",
     {&Can::put, &Can::versions, &Can::annotate, &Can::expiry},
     all_versions},
    {"expiry/stat",
     "store.hpp",
     "A removed or expired secret is told, not an error.",
     {&Can::annotate, &Can::expiry},
     told_by_stat},
    {"expiry/list",
     "info.hpp",
     "What was there during the whole listing appears exactly once over its pages",
     {&Can::annotate, &Can::expiry, &Can::list},
     told_by_list},
    {"expiry/versions",
     "store.hpp",
     "The versions of a secret, the newest first, a page at a time",
     {&Can::annotate, &Can::expiry, &Can::versions},
     told_by_versions},
    {"expiry/moved", "metadata.hpp", not_released, {&Can::annotate, &Can::expiry}, can_be_moved},
    {"expiry/put",
     "store.hpp",
     "Without a patch the metadata stay as they are",
     {&Can::put, &Can::annotate, &Can::expiry},
     put_does_not_move_it},
});

}  // namespace

Theme expiry_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
