// get, stat and report_rejected, on what is there and what is not.
#include <algorithm>

#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

void get_value(Trial& t) {
  SecretStore& store = t.open({{"db/password", "s3cret"}, {"api_key", "another"}});
  t.reads(store, "db/password", "s3cret");
  t.reads(store, "api_key", "another");
  t.reads(store, "api_key", "another");
}

void get_missing(Trial& t) {
  SecretStore& store = t.open({{"db/password", "s3cret"}});
  for (const std::string_view name : {"other", "db/passwor", "db/password2", "db/password/x", "db/password/x/y",
                                      "password", "d", "db/x", "dbpassword"}) {
    t.fails(store.get(name), ErrorCode::NotFound, called("get", name));
  }
}

void get_folder(Trial& t) {
  if (t.skip_if(t.quirks().folders_are_secrets, "in this store folders are secrets")) return;
  SecretStore& store = t.open({{"a/b/c", "1"}});
  t.fails(store.get("a/b"), ErrorCode::NotFound, called("get", "a/b"));
  t.fails(store.get("a"), ErrorCode::NotFound, called("get", "a"));
}

void get_from_nothing(Trial& t) {
  SecretStore& store = t.open();
  t.fails(store.get("a"), ErrorCode::NotFound, "get from an empty store");
  t.fails(store.stat("a"), ErrorCode::NotFound, "stat in an empty store");
}

void get_name_or_text(Trial& t) {
  SecretStore& store = t.open({{"db/password", "s3cret"}});
  const Name name = Name::parse("db/password").value();
  const Name missing = Name::parse("db/other").value();
  t.holds(store.get(name), "s3cret", "get of a Name");
  t.holds(store.get(std::string_view("db/password")), "s3cret", "get of a text");
  t.fails(store.get(missing), ErrorCode::NotFound, "get of a Name that is missing");
}

void get_outlives(Trial& t) {
  SecretStore& store = t.open({{"a", "s3cret"}});
  const auto secret = t.value(store.get("a"), called("get", "a"));
  if (!secret) return;
  t.close();
  t.that(secret->value().expose() == "s3cret", "the secret to be readable when its store is gone", "another value");
}

void get_borrows(Trial& t) {
  SecretStore& store = t.open({{"db/password", "s3cret"}});
  std::string name = "db/password";
  const auto secret = store.get(std::string_view(name));
  const auto info = store.stat(std::string_view(name));
  std::fill(name.begin(), name.end(), '#');
  t.holds(secret, "s3cret", "get with a name that is overwritten afterwards");
  if (!t.ok(info, "stat with a name that is overwritten afterwards")) return;
  t.that(info->name.text() == "db/password", "SecretInfo::name to be \"db/password\"", quoted(info->name.text()));
}

void stat_tells(Trial& t) {
  SecretStore& store = t.open({{"db/password", "s3cret"}});
  const auto info = t.value(store.stat("db/password"), called("stat", "db/password"));
  if (!info) return;
  t.that(info->name.text() == "db/password", "SecretInfo::name to be \"db/password\"", quoted(info->name.text()));
  t.that(!info->deleted, "a secret that is there not to be `deleted`", "`deleted`");
  t.that(info->metadata.has_value(), "stat to tell the metadata", "none");
}

void stat_missing(Trial& t) {
  SecretStore& store = t.open({{"db/password", "s3cret"}});
  for (const std::string_view name : {"other", "db/passwor", "db/password/x"}) {
    t.fails(store.stat(name), ErrorCode::NotFound, called("stat", name));
  }
}

void stat_bytes_have_no_fields(Trial& t) {
  SecretStore& store = t.open({{"plain", "s3cret"}, {"object", R"({"user":"x","password":"y"})"}});
  t.that(!t.stat(store, "plain").fields, "SecretInfo::fields of bytes to be none", "some");
  t.that(!t.stat(store, "object").fields, "SecretInfo::fields of bytes to be none, though they are JSON", "some");
}

void stat_fields(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  std::vector<Seed> seeds;
  seeds.push_back({.name = "login", .data = fields({{"password", "y"}, {"user", "x"}})});
  auto told = t.stat(t.open(seeds), "login").fields;
  if (!told) return;
  std::sort(told->begin(), told->end());
  t.same(*told, {"password", "user"}, "SecretInfo::fields to be the names of the fields");
}

void stat_current(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto secret = t.value(store.get("a"), called("get", "a"));
  const auto info = t.stat(store, "a");
  if (secret) t.same(info.current, secret->version(), "SecretInfo::current to be the version that get reads, or none");
}

void versions_are_told(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto secret = t.value(store.get("a"), called("get", "a"));
  if (!secret) return;
  t.that(secret->version().has_value() == t.can().versions,
         t.can().versions ? "the secret to have a version" : "the secret of a store without versions to have none",
         secret->version() ? quoted(secret->version()->text()) : "none");
}

void rejected_does_nothing(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  const auto secret = t.value(store.get("a"), called("get", "a"));
  if (!secret) return;
  t.ok(store.report_rejected("a", secret->version().value_or(Version("1"))), "report_rejected of a value");
  t.ok(store.report_rejected("a", Version("no-such-version")), "report_rejected of a version that is not there");
  t.ok(store.report_rejected("missing", Version("1")), "report_rejected of a secret that is not there");
  t.reads(store, "a", "1");
}

constexpr auto definitions = std::to_array<Clause::Definition>({
    {"get/value", "store.hpp", "Reads a secret, its current version unless `options` ask for another.", {}, get_value},
    {"get/missing", "store.hpp", "NotFound: no such secret, version or stage.", {}, get_missing},
    {"get/folder", "store.hpp", "NotFound: no such secret, version or stage.", {}, get_folder},
    {"get/nothing-there", "store.hpp", "NotFound: no such secret, version or stage.", {}, get_from_nothing},
    {"get/name-or-text", "store.hpp", "**Names** may be given as text", {}, get_name_or_text},
    {"get/outlives-store", "store.hpp", "A Secret outlives the store.", {}, get_outlives},
    {"get/borrows",
     "store.hpp",
     "Arguments are borrowed for the time of the call, results own what they hold.",
     {},
     get_borrows},
    {"get/version", "secret.hpp", "`version` is none where the store knows no versions.", {}, versions_are_told},
    {"stat/tells", "store.hpp", "Metadata are always among it.", {}, stat_tells},
    {"stat/missing",
     "store.hpp",
     "NotFound: no such secret, or no such version or stage when `options` name one",
     {},
     stat_missing},
    {"stat/current", "info.hpp", "The current version where the store has versions.", {}, stat_current},
    {"stat/fields", "info.hpp", "The names of its fields", {}, stat_fields},
    {"stat/no-fields",
     "info.hpp",
     "none when the store cannot tell them without reading the value, or when it holds bytes",
     {},
     stat_bytes_have_no_fields},
    {"report_rejected/harmless",
     "store.hpp",
     "Does nothing in a store that keeps no copies. Never NotFound.",
     {},
     rejected_does_nothing},
});

}  // namespace

Theme reading_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
