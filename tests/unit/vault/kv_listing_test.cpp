#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "kv_script.hpp"

using namespace locket;
using enum ErrorCode;

namespace {

using Names = std::vector<std::string>;

std::string keys(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ",\"") + name + '"';
  return R"({"data":{"keys":[)" + text + "]}}";
}

void folder(Script& script, const std::string& path, const Names& names) {
  script.get("secret/metadata" + path + "?list=true", 200, keys(names));
}

void live(Script& script, const Names& names) {
  for (const std::string& name : names) script.get("secret/metadata/" + name, 200, record_answer(1, version(1)));
}

Names names_of(const Page<SecretInfo>& page) {
  Names names;
  for (const SecretInfo& info : page.items) names.push_back(info.name.text());
  return names;
}

const std::string refused = R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})";

}  // namespace

TEST_CASE("A listing opens folders, in the order of the names' bytes") {
  Script script;
  folder(script, "", {"zulu", "db/", "db", "db-old/", "dbadmin"});
  folder(script, "/db", {"password", "eu/"});
  folder(script, "/db-old", {"x"});
  folder(script, "/db/eu", {"y"});
  live(script, {"db", "db-old/x", "db/eu/y", "db/password", "dbadmin", "zulu"});
  const auto page = script.store->list("");
  REQUIRE(page);
  CHECK(names_of(*page) == Names{"db", "db-old/x", "db/eu/y", "db/password", "dbadmin", "zulu"});
  CHECK(page->next.empty());
  script.done();
}

TEST_CASE("A page opens no folder behind its end") {
  Script script;
  folder(script, "/n", {"a", "b", "c", "d/", "e/"});
  live(script, {"n/a", "n/b"});
  const auto first = script.store->list("n", {.limit = 2});
  REQUIRE(first);
  CHECK(names_of(*first) == Names{"n/a", "n/b"});
  folder(script, "/n", {"a", "b", "c", "d/", "e/"});
  folder(script, "/n/d", {"x", "y"});
  folder(script, "/n/e", {"z"});
  live(script, {"n/c", "n/d/x"});
  const auto second = script.store->list("n", {.limit = 2, .page = first->next});
  REQUIRE(second);
  CHECK(names_of(*second) == Names{"n/c", "n/d/x"});
  folder(script, "/n", {"a", "b", "c", "d/", "e/"});
  folder(script, "/n/d", {"x", "y"});
  folder(script, "/n/e", {"z"});
  live(script, {"n/d/y", "n/e/z"});
  const auto third = script.store->list("n", {.limit = 2, .page = second->next});
  REQUIRE(third);
  CHECK(names_of(*third) == Names{"n/d/y", "n/e/z"});
  CHECK(third->next.empty());
  script.done();
}

TEST_CASE("What locket cannot name is told, and not looked at") {
  Script script;
  folder(script, "", {"a b", "caf\\u00e9/", "good", "..", "x\\ny", "%2e"});
  live(script, {"good"});
  const auto page = script.store->list("");
  REQUIRE(page);
  CHECK(names_of(*page) == Names{"good"});
  CHECK(page->unaddressable == Names{"%2e", "..", "a b", R"(caf\xC3\xA9/)", R"(x\x0Ay)"});
  script.done();
}

TEST_CASE("A name that is too long for locket is told, too") {
  const std::string longest(512, 'n');
  Script script;
  folder(script, "", {longest, longest + "n", longest + "/"});
  folder(script, "/" + longest, {"x"});
  live(script, {longest});
  const auto page = script.store->list("");
  REQUIRE(page);
  CHECK(names_of(*page) == Names{longest});
  CHECK(page->unaddressable == Names{longest + "/x", longest + "n"});
}

TEST_CASE("A listing that Vault would not write is refused") {
  for (const auto* data : {R"({"keys":[1]})", R"({"keys":["a/b"]})", R"({"keys":[""]})", R"({"keys":["/"]})",
                           R"({"keys":["a//"]})", R"({"keys":"a"})", R"({"keys":null})", "{}"}) {
    CAPTURE(data);
    Script script;
    script.get("secret/metadata?list=true", 200, fmt::format(R"({{"data":{}}})", data));
    fails(script.store->list(""), MalformedResponse, "vault.response");
  }
}

TEST_CASE("Nothing below a folder is an empty page, a mount that is none is not") {
  Script script;
  script.get("secret/metadata/db?list=true", 404, nothing_there);
  const auto page = script.store->list("db");
  REQUIRE(page);
  CHECK(page->items.empty());
  Script one({.mount = "secret"});
  one.get("secret/metadata?list=true", 404, nothing_there)
      .get("sys/internal/ui/mounts/secret", 200,
           R"({"data":{"path":"secret/","type":"kv","options":{"version":"1"}}})");
  fails(one.store->list(""), NotSupported, "vault.kv1");
}

TEST_CASE("Removed secrets are listed when they are asked for") {
  const auto prepare = [](Script& script) {
    folder(script, "", {"a", "b", "c", "d"});
    script.get("secret/metadata/a", 200, record_answer(1, version(1)));
    script.get("secret/metadata/b", 200, record_answer(2, version(1) + "," + version(2, "2026-11-22T15:00:00Z")));
    script.get("secret/metadata/c", 404, nothing_there);  // purged meanwhile
    script.get("secret/metadata/d", 200, record_answer(0, ""));
  };
  Script script;
  prepare(script);
  CHECK(names_of(script.store->list("").value()) == Names{"a"});
  prepare(script);
  const auto all = script.store->list("", {.deleted = true});
  REQUIRE(all);
  CHECK(names_of(*all) == Names{"a", "b"});
  CHECK_FALSE(all->items[0].deleted);
  CHECK(all->items[1].deleted);
  script.done();
}

TEST_CASE("Names are listed without looking at each where that is refused, but nothing else is") {
  for (const ListOptions& options : {ListOptions{}, ListOptions{.metadata = true}, ListOptions{.deleted = true}}) {
    Script script;
    folder(script, "", {"a"});
    script.get("secret/metadata/a", 403, refused).get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
    const auto page = script.store->list("", options);
    if (options.metadata || options.deleted) {
      fails(page, PermissionDenied, "vault.refused");
    } else {
      CHECK(names_of(page.value()) == Names{"a"});
    }
  }
}

TEST_CASE("A folder that may not be listed fails the listing, and says what is missing") {
  Script script;
  folder(script, "", {"a", "db/"});
  script.get("secret/metadata/db?list=true", 403, refused).get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
  const auto page = script.store->list("");
  fails(page, PermissionDenied, "vault.refused");
  CHECK(page.error().hint().find(R"(path "secret/metadata/db/*" { capabilities = ["list"] })") != std::string::npos);
}

TEST_CASE("A listing with metadata tells the fields, too") {
  Script script;
  folder(script, "", {"a", "b"});
  script.get("secret/metadata/a", 200, record_answer(1, version(1), R"({"locket.description":"d"})"));
  script.get("secret/metadata/b", 200, record_answer(1, version(1)));
  script.get("secret/subkeys/a?depth=1", 200,
             R"({"data":{"subkeys":{"user":null,"x":null},"metadata":{"version":1,"destroyed":false}}})");
  script.get("secret/subkeys/b?depth=1", 403, refused).get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
  const auto page = script.store->list("", {.metadata = true});
  REQUIRE(page);
  REQUIRE(page->items.size() == 2);
  CHECK(page->items[0].metadata->description == "d");
  CHECK(page->items[0].fields == Names{"user", "x"});
  CHECK_FALSE(page->items[1].fields);
}

TEST_CASE("A server that lists folders without end ends the page, not the program") {
  Script script;
  script.transport->otherwise({.body = keys({"a/", "b/"})});
  const auto page = script.store->list("");
  REQUIRE(page);
  CHECK(page->items.empty());
  CHECK_FALSE(page->next.empty());
  CHECK(script.transport->sent().size() < 1100);
  CHECK(script.store->list("", {.page = page->next}));
}

TEST_CASE("A listing stops between its steps") {
  Script script;
  script.transport->otherwise({.body = keys({"a/"})});
  std::stop_source stop;
  stop.request_stop();
  fails(script.store->list("", {}, {.stop = stop.get_token()}), Cancelled, "call.cancelled");
}

TEST_CASE("A secret whose expiry cannot be read is listed without it, and read no more for that") {
  const std::string custom = R"({"locket.expires":"soon","locket.description":"d"})";
  Script script;
  folder(script, "", {"a", "b"});
  script.get("secret/metadata/a", 200, record_answer(1, version(1), custom));
  script.get("secret/metadata/b", 200, record_answer(1, version(1)));
  script.get("secret/subkeys/a?depth=1", 404, nothing_there).get("secret/subkeys/b?depth=1", 404, nothing_there);
  const auto page = script.store->list("", {.metadata = true});
  REQUIRE(page);
  REQUIRE(names_of(*page) == Names{"a", "b"});
  CHECK(page->items[0].metadata->description == "d");
  CHECK_FALSE(page->items[0].metadata->expires);
  CHECK(page->items[0].metadata->status == "unreadable expiry");
  script.get("secret/data/a", 200, data_answer(R"({"value":"x"})", 1, custom));
  const auto secret = script.store->get("a");
  fails(secret, MalformedResponse, "vault.expires");
  CHECK(has(secret.error().message(), "'a'"));
  script.done();
}

TEST_CASE("Histories and values are asked for a few at a time, so that hostile answers do not add up") {
  Script script;
  Names names;
  std::vector<GetRequest> requests;
  for (int i = 0; i < 100; ++i) names.push_back(fmt::format("n{:02}", i));
  folder(script, "", names);
  live(script, names);
  for (const std::string& name : names) {
    script.get("secret/subkeys/" + name + "?depth=1", 404, nothing_there);
    script.get("secret/data/" + name, 200, data_answer(R"({"value":"x"})", 1));
    requests.push_back({.name = NameView::parse(name).value()});
  }
  CHECK(names_of(script.store->list("", {.metadata = true}).value()) == names);
  CHECK(script.losing->most_at_once <= 16);
  const auto secrets = script.store->get_many(requests);
  CHECK(std::ranges::all_of(secrets, [](const auto& secret) { return secret.ok(); }));
  CHECK(script.losing->most_at_once <= 32);
  script.done();
}

TEST_CASE("Of folders with more in them than the page may have, no more is kept than it needs") {
  Names many;
  for (int i = 0; i < 3'000; ++i) many.push_back(fmt::format("f{:04}/", i));
  Names secrets;
  for (int i = 0; i < 3'000; ++i) secrets.push_back(fmt::format("s{:04}", i));
  Script script;
  folder(script, "", {"a/", "b/", "c"});
  folder(script, "/a", secrets);
  folder(script, "/b", secrets);
  Names told;
  for (int i = 0; i < 10; ++i) told.push_back(fmt::format("a/s{:04}", i));
  live(script, told);
  const auto page = script.store->list("", {.limit = 10});
  REQUIRE(page);
  CHECK(names_of(*page) == told);
  CHECK_FALSE(page->next.empty());

  Script empty;
  folder(empty, "", many);
  empty.transport->otherwise({.status = 404, .body = nothing_there});
  std::size_t pages = 1;
  auto part = empty.store->list("");
  for (; part && !part->next.empty(); ++pages) {
    folder(empty, "", many);
    part = empty.store->list("", {.page = part->next});
  }
  CHECK(part);
  CHECK(pages == 3);
}
