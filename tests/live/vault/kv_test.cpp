// The store over a real OpenBao, where the conformance suite does not look: mounts of other kinds, policies, what other
// tools left behind, and what Vault's own rules make of it.
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <locket/backends/vault_admin.hpp>

#include "conformance/vault_fixture.hpp"

namespace {

using namespace locket;
using conformance::OpenBao;
using conformance::openbao;
using enum ErrorCode;
using http::Method;

void need_server() {
  if (const std::string missing = OpenBao::missing(); !missing.empty()) SKIP("no OpenBao: " << missing);
}

std::string fresh(const std::string& kind) {
  static std::atomic<int> count = 0;
  return fmt::format("{}-{}", kind, ++count);
}

/// A mount of KV version 2 that nobody else uses.
std::string new_mount(const std::string& config = {}) {
  need_server();
  const std::string mount = fresh("live");
  openbao().mount_kv(mount);
  if (!config.empty()) openbao().ask(Method::Post, mount + "/config", config);
  return mount;
}

std::shared_ptr<SecretStore> open(vault::Options options, const std::string& token = OpenBao::token()) {
  need_server();
  options.address = OpenBao::address();
  options.connection.ca_file = OpenBao::ca();
  options.login = conformance::with_token(token);
  if (!options.name_space) options.name_space = "";
  auto store = vault::open(std::move(options));
  REQUIRE(store);
  return *store;
}

template <class T>
void fails(const Result<T>& result, ErrorCode code, const std::string& reason) {
  REQUIRE_FALSE(result);
  INFO(result.error().to_string());
  CHECK(result.error().code() == code);
  CHECK(result.error().reason() == reason);
}

void all_fail(SecretStore& store, ErrorCode code, const std::string& reason) {
  fails(store.get("a"), code, reason);
  fails(store.stat("a"), code, reason);
  fails(store.list(""), code, reason);
  fails(store.versions("a"), code, reason);
  fails(store.put("a", SecretData::bytes("x")), code, reason);
  fails(store.annotate("a", {.description = "x"}), code, reason);
  fails(store.remove("a"), code, reason);
  fails(store.purge("a"), code, reason);
}

}  // namespace

TEST_CASE("A mount of version 1 is refused, and nothing is written to it") {
  need_server();
  const std::string mount = fresh("one");
  openbao().mount_kv(mount, {}, "1");
  all_fail(*open({.mount = mount}), NotSupported, "vault.kv1");
  CHECK(openbao().try_to(Method::Get, mount + "?list=true").status == 404);
  // A fresh handle for each operation, so that each finds it out by itself.
  fails(open({.mount = mount})->put("a", SecretData::bytes("x")), NotSupported, "vault.kv1");
  fails(open({.mount = mount})->list(""), NotSupported, "vault.kv1");
  fails(open({.mount = mount})->stat("a"), NotSupported, "vault.kv1");
  CHECK(openbao().try_to(Method::Get, mount + "?list=true").status == 404);
}

TEST_CASE("A mount that is none is no missing secret") {
  need_server();
  all_fail(*open({.mount = "nowhere"}), InvalidArgument, "vault.no_mount");
  all_fail(*open({.mount = "secret/apps"}), InvalidArgument, "vault.no_mount");
  const std::string mount = fresh("transit");
  openbao().ask(Method::Post, "sys/mounts/" + mount, R"({"type":"transit"})");
  fails(open({.mount = mount})->put("a", SecretData::bytes("x")), InvalidArgument, "vault.no_mount");
  const auto outside = open({.mount = "secret", .name_space = "nowhere"});
  all_fail(*outside, InvalidArgument, "vault.no_namespace");
  CHECK(outside->get("a").error().message() == "Vault knows no namespace 'nowhere'");
}

TEST_CASE("A token learns nothing of what it may not see") {
  const std::string mount = new_mount();
  REQUIRE(open({.mount = mount})->put("a", SecretData::bytes("x")));
  const auto store = open({.mount = mount}, openbao().token_with(R"(path "none" { capabilities = ["deny"] })"));
  all_fail(*store, PermissionDenied, "vault.refused");
  fails(store->get("missing"), PermissionDenied, "vault.refused");
  const auto elsewhere = open({.mount = "nowhere"}, openbao().token_with(R"(path "none" { capabilities = ["deny"] })"));
  fails(elsewhere->get("a"), PermissionDenied, "vault.refused");
}

TEST_CASE("The last use of a token may go into finding out that nothing is there") {
  const std::string mount = new_mount();
  const auto made = openbao().ask(Method::Post, "auth/token/create", R"({"policies":["root"],"num_uses":1})");
  const auto store = open({.mount = mount}, std::string(made.root()["auth"]["client_token"].text()));
  fails(store->get("missing"), NotFound, "secret.not_found");
  CHECK(store->get("missing").error().code() == Unauthenticated);
}

TEST_CASE("A policy that lets read data alone is enough to read") {
  const std::string mount = new_mount();
  REQUIRE(open({.mount = mount})->put("a", SecretData::bytes("x")));
  const auto store = open(
      {.mount = mount}, openbao().token_with(fmt::format(R"(path "{}/data/*" {{ capabilities = ["read"] }})", mount)));
  CHECK(store->get("a"));
  fails(store->get("missing"), NotFound, "secret.not_found");
  fails(store->stat("a"), PermissionDenied, "vault.refused");
  fails(store->put("a", SecretData::bytes("y")), PermissionDenied, "vault.refused");
}

TEST_CASE("A policy that lets look at subkeys is enough for stat") {
  const std::string mount = new_mount();
  const auto root = open({.mount = mount});
  REQUIRE(root->put("a", SecretData::fields({{"user", "x"}, {"password", "y"}}).value()));
  REQUIRE(root->put("gone", SecretData::bytes("x")));
  REQUIRE(root->remove("gone"));
  const auto store =
      open({.mount = mount},
           openbao().token_with(fmt::format(R"(path "{}/subkeys/*" {{ capabilities = ["read"] }})", mount)));
  const auto info = store->stat("a");
  REQUIRE(info);
  CHECK(info->fields == std::vector<std::string>{"password", "user"});
  CHECK(info->current == Version("1"));
  CHECK(store->stat("gone")->deleted);
  fails(store->get("a"), PermissionDenied, "vault.refused");
}

TEST_CASE("A policy without patch is enough to annotate") {
  const std::string mount = new_mount();
  const auto root = open({.mount = mount});
  REQUIRE(root->put("a", SecretData::bytes("x"), {.metadata = MetadataPatch{.tags = {{"kept", "1"}, {"goes", "2"}}}}));
  const auto store =
      open({.mount = mount},
           openbao().token_with(fmt::format(R"(path "{}/metadata/*" {{ capabilities = ["read", "update"] }})", mount)));
  REQUIRE(store->annotate("a", {.description = "d", .tags = {{"goes", clear}}}));
  const auto info = root->stat("a");
  REQUIRE(info);
  CHECK(info->metadata->description == "d");
  CHECK(info->metadata->tags == std::map<std::string, std::string>{{"kept", "1"}});
}

TEST_CASE("A mount that demands conditions is written to, by many at once") {
  const std::string mount = new_mount(R"({"cas_required":true,"max_versions":100})");
  const auto store = open({.mount = mount, .max_versions = 100});
  std::atomic<int> written = 0;
  std::atomic<int> lost = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i) {
      writers.emplace_back([&] {
        for (int round = 0; round < 5; ++round) {
          const auto put = store->put("a", SecretData::bytes("x"));
          if (put) ++written;
          if (!put && put.error().code() == Conflict) ++lost;
        }
      });
    }
  }
  CHECK(written + lost == 20);
  CHECK(written >= 5);
  CHECK(store->versions("a")->items.size() == static_cast<std::size_t>(written));
  fails(store->put("a", SecretData::bytes("x"), {.condition = MustNotExist{}}), Conflict, "put.exists");
}

TEST_CASE("Metadata whose changes demand conditions are changed") {
  const std::string mount = new_mount(R"({"metadata_cas_required":true})");
  const auto store = open({.mount = mount});
  REQUIRE(store->put("a", SecretData::bytes("x"), {.metadata = MetadataPatch{.description = "first"}}));
  REQUIRE(store->annotate("a", {.description = "second"}));
  CHECK(store->stat("a")->metadata->description == "second");
}

TEST_CASE("Versions that go by themselves are there until then, whatever this program's clock says") {
  const std::string mount = new_mount(R"({"delete_version_after":"1h"})");
  const auto clock = std::make_shared<testing::ManualClock>();  // in 2030
  const auto store = open({.settings = {.clock = clock}, .mount = mount});
  REQUIRE(store->put("a", SecretData::bytes("x")));
  CHECK_FALSE(store->stat("a")->deleted);
  CHECK(store->versions("a")->items.at(0).state == VersionInfo::State::Live);
  CHECK(store->list("")->items.size() == 1);
  REQUIRE(store->remove("a"));
  CHECK(store->stat("a")->deleted);
  CHECK(store->list("")->items.empty());
  fails(store->get("a"), Deleted, "secret.deleted");
  REQUIRE(store->undelete("a"));
  CHECK(store->get("a"));
}

TEST_CASE("What Vault deleted by itself is deleted, and can be brought back") {
  const std::string mount = new_mount(R"({"delete_version_after":"1s"})");
  const auto store = open({.mount = mount});
  REQUIRE(store->put("a", SecretData::bytes("x")));
  // The server's time cannot be injected: asked until it has come.
  Result<Secret> secret = store->get("a");
  for (int i = 0; i < 10'000 && secret; ++i) secret = store->get("a");
  fails(secret, Deleted, "secret.deleted");
  CHECK(store->stat("a")->deleted);
  CHECK(store->versions("a")->items.at(0).state == VersionInfo::State::Deleted);
  openbao().ask(Method::Post, mount + "/config", R"({"delete_version_after":"0s"})");
  REQUIRE(store->undelete("a"));
}

TEST_CASE("Destroyed versions stay gone") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount});
  for (const auto* value : {"1", "2", "3"}) REQUIRE(store->put("a", SecretData::bytes(value)));
  openbao().ask(Method::Put, mount + "/destroy/a", R"({"versions":[1,3]})");
  fails(store->get("a"), Deleted, "secret.deleted");
  fails(store->get("a", {.which = Version("1")}), Deleted, "secret.deleted");
  CHECK(store->get("a", {.which = Version("2")}));
  CHECK(store->stat("a")->deleted);
  fails(store->rollback("a", Version("2")), Deleted, "secret.deleted");
  fails(store->undelete("a"), Deleted, "secret.deleted");
  CHECK(store->undelete("a").error().hint().find("version 2") != std::string::npos);
  REQUIRE(store->put("a", SecretData::bytes("4")));
  fails(store->rollback("a", Version("1")), Deleted, "secret.deleted");
  CHECK(store->rollback("a", Version("2")).value() == Version("5"));
}

TEST_CASE("What is administered is what the store holds: a version destroyed, a field changed") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount, .prefix = "apps"});
  auto admin = vault::Admin::open({.address = OpenBao::address(),
                                   .mount = mount,
                                   .prefix = "apps",
                                   .name_space = "",
                                   .login = conformance::with_token(OpenBao::token()),
                                   .connection = {.ca_file = OpenBao::ca()}});
  REQUIRE(admin);
  const Name name = Name::parse("a").value();
  const auto both = SecretData::fields({{"user", "app"}, {"password", "1"}}).value();
  const auto password = [](const char* value) { return SecretData::fields({{"password", value}}).value(); };
  fails(admin->patch(name, password("2")), NotFound, "secret.not_found");
  REQUIRE(store->put(name, both));
  CHECK(admin->patch(name, password("2")).value() == Version("2"));
  CHECK(store->get(name)->field("user")->expose() == "app");
  CHECK(store->get(name)->field("password")->expose() == "2");
  fails(admin->patch(name, password("3"), Version("1")), Conflict, "put.version");
  CHECK(admin->patch(name, password("3"), Version("2")).value() == Version("3"));

  const auto json = [](const char* text) { return SecretData::json_object(SecretValue(text)).value(); };
  CHECK(admin->patch(name, json(R"({"user":null,"in":{"a":1,"b":null},"gone":null})")).value() == Version("4"));
  CHECK(store->get(name)->value().expose() == R"({"in":{"a":1},"password":"3"})");
  CHECK(admin->patch(name, json(R"({"in":{"a":null}})")).value() == Version("5"));
  CHECK(store->get(name)->value().expose() == R"({"in":{},"password":"3"})");

  const std::vector<Version> first{Version("1")};
  const std::vector<Version> missing{Version("1"), Version("9")};
  fails(admin->destroy(name, missing), NotFound, "version.not_found");
  CHECK(store->get(name, {.which = Version("1")}));
  REQUIRE(admin->destroy(name, first));
  fails(store->get(name, {.which = Version("1")}), Deleted, "secret.deleted");
  CHECK(store->get(name)->version() == Version("5"));
  REQUIRE(store->remove(name));
  fails(admin->patch(name, password("4")), Deleted, "secret.deleted");
}

TEST_CASE("Vault's own delete takes the current version alone, and the others stay readable") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount});
  for (const auto* value : {"1", "2"}) REQUIRE(store->put("a", SecretData::bytes(value)));
  openbao().ask(Method::Delete, mount + "/data/a");
  fails(store->get("a"), Deleted, "secret.deleted");
  CHECK(store->stat("a")->deleted);
  CHECK(store->get("a", {.which = Version("1")})->value().expose() == "1");
  REQUIRE(store->remove("a"));
  fails(store->get("a", {.which = Version("1")}), Deleted, "secret.deleted");
}

TEST_CASE("Names that locket does not have are told in a listing") {
  const std::string mount = new_mount();
  for (const auto* name : {"good", "a%20b", "f%20g/x", "caf%C3%A9", "in/good", "in/b%2Ad"}) {
    openbao().ask(Method::Post, mount + "/data/" + name, R"({"data":{"value":"x"}})");
  }
  const auto page = open({.mount = mount})->list("");
  REQUIRE(page);
  REQUIRE(page->items.size() == 2);
  CHECK(page->items[0].name.text() == "good");
  CHECK(page->items[1].name.text() == "in/good");
  CHECK(page->unaddressable == std::vector<std::string>{"a b", R"(caf\xC3\xA9)", "f g/", "in/b*d"});
}

TEST_CASE("Metadata without a value are no secret, and can be purged") {
  const std::string mount = new_mount();
  openbao().ask(Method::Post, mount + "/metadata/a", R"({"custom_metadata":{"team":"core"}})");
  const auto store = open({.mount = mount});
  fails(store->get("a"), NotFound, "secret.not_found");
  fails(store->stat("a"), NotFound, "secret.not_found");
  CHECK(store->list("")->items.empty());
  REQUIRE(store->put("a", SecretData::bytes("x"), {.condition = MustNotExist{}}));
  CHECK(store->stat("a")->metadata->tags.at("team") == "core");
  REQUIRE(store->purge("a"));
}

TEST_CASE("Vault keeps every text that metadata may have") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount});
  REQUIRE(store->put("a", SecretData::bytes("x")));
  const std::vector<std::string> texts{
      "\"",          "\"quoted\"",   " ",  "\xc2\xa0",         "\xe2\x80\x8b",     "\xc2\xad",
      "caf\xc3\xa9", "\xe6\xbc\xa2", "\\", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "\xef\xbf\xbd",
      "locket.type", "\xcd\xb8"};
  MetadataPatch patch;
  for (const std::string& text : texts) patch.tags.emplace(text, text);
  patch.tags.emplace("empty", "");
  patch.description = std::string(512, 'd');
  REQUIRE(store->annotate("a", patch));
  CHECK(store->stat("a")->metadata->tags == apply({}, patch).tags);
  CHECK(store->stat("a")->metadata->description == std::string(512, 'd'));
}

// What write_text leaves as it is must be printable to Go.
TEST_CASE("Vault takes every character that is written as it is") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount});
  REQUIRE(store->put("a", SecretData::bytes("x")));
  std::string some;
  const auto flush = [&] {
    INFO(some);
    REQUIRE(store->annotate("a", {.description = some}));
    CHECK(store->stat("a")->metadata->description == some);
    some.clear();
  };
  const auto add = [&](unsigned code) {
    const auto byte = [&](unsigned value) { some += static_cast<char>(value & 0xffU); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xc0U | code >> 6U), byte(0x80U | (code & 0x3fU));
    } else {
      byte(0xe0U | code >> 12U), byte(0x80U | (code >> 6U & 0x3fU)), byte(0x80U | (code & 0x3fU));
    }
    if (some.size() > 80) flush();
  };
  for (unsigned code = 0x20; code < 0x7f; ++code) add(code);
  for (unsigned code = 0xa0; code < 0x3000; code += code < 0x600 ? 1 : 7) add(code);
  for (unsigned code = 0x3000; code < 0xd800; code += 101) add(code);
  flush();
}

TEST_CASE("The largest value comes back, however Vault writes it") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount});
  const std::size_t most = store->capabilities().max_value;
  for (const char c : {'<', '"', '\xff', 'x', '\x01'}) {
    REQUIRE(store->put("a", SecretData::bytes(std::string(most, c))));
    const auto secret = store->get("a");
    REQUIRE(secret);
    CHECK(secret->value().expose() == std::string(most, c));
  }
}

TEST_CASE("Many are read at once, each with its own result") {
  const std::string mount = new_mount();
  const auto store = open({.mount = mount});
  std::vector<Name> names;
  for (int i = 0; i < 100; ++i) names.push_back(Name::parse(fmt::format("n/{}", i)).value());
  for (int i = 0; i < 100; i += 2)
    REQUIRE(store->put(names[static_cast<std::size_t>(i)], SecretData::bytes(std::to_string(i))));
  std::vector<GetRequest> requests;
  for (const Name& name : names) requests.push_back({.name = name});
  const auto secrets = store->get_many(requests);
  for (std::size_t i = 0; i < 100; ++i) {
    if (i % 2 == 0) {
      REQUIRE(secrets[i]);
      CHECK(secrets[i]->value().expose() == std::to_string(i));
    } else {
      fails(secrets[i], NotFound, "secret.not_found");
    }
  }
}

TEST_CASE("Data that are null are no fields") {
  const std::string mount = new_mount();
  openbao().ask(Method::Post, mount + "/data/a", R"({"data":null})");
  const auto store = open({.mount = mount});
  const auto secret = store->get("a");
  REQUIRE(secret);
  CHECK(secret->kind() == SecretData::Kind::Fields);
  CHECK(secret->value().expose() == "{}");
  REQUIRE(store->rollback("a", Version("1")));
  CHECK(store->get("a")->value().expose() == "{}");
}

TEST_CASE("The server's health is asked without a token") {
  need_server();
  const auto health = open({.mount = "secret"}, "s.nobody")->health();
  REQUIRE(health);
  CHECK(health->ready);
  CHECK(health->state == "ok");
}
