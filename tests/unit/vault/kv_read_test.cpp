#include <algorithm>
#include <string>
#include <vector>

#include "kv_script.hpp"

using namespace locket;
using enum ErrorCode;

namespace {

GetOptions at(const std::string& version) {
  return {.which = Version(version)};
}

std::string mount_answer(const std::string& path, const std::string& type, const std::string& options) {
  return R"({"data":{"path":")" + path + R"(","type":")" + type + R"(","options":)" + options + "}}";
}

const std::string is_kv2 = mount_answer("secret/", "kv", R"({"version":"2"})");
const std::string ask_mount = "sys/internal/ui/mounts/secret";

}  // namespace

TEST_CASE("A read is one request, with the name escaped once") {
  Script script({.mount = "team/kv", .prefix = "apps/billing"});
  script.get("team/kv/data/apps/billing/a.b_c-d/x%3A%40%21%2B%3D", 200, data_answer(R"({"value":"s3cret"})", 3));
  const auto secret = script.store->get("a.b_c-d/x:@!+=");
  REQUIRE(secret);
  CHECK(secret->value().expose() == "s3cret");
  CHECK(secret->version() == Version("3"));
  CHECK(script.store->describe() == "vault https://vault.test:8200/team/kv, prefix apps/billing/");
  script.done();
}

TEST_CASE("A version is asked for by its number") {
  Script script;
  script.get("secret/data/a?version=2", 200, data_answer(R"({"value":"old"})", 2, R"({"team":"core"})"));
  const auto secret = script.store->get("a", at("2"));
  REQUIRE(secret);
  CHECK(secret->metadata().tags.at("team") == "core");
  for (const auto* text : {"0", "01", "-1", "v1", "9999999999999999", "18446744073709551617"}) {
    fails(script.store->get("a", at(text)), NotFound, "version.not_found");
    fails(script.store->stat("a", at(text)), NotFound, "version.not_found");
  }
  script.done();
}

TEST_CASE("An answer that is of another version is refused") {
  Script script;
  script.get("secret/data/a?version=2", 200, data_answer(R"({"value":"x"})", 3));
  fails(script.store->get("a", at("2")), MalformedResponse, "vault.response");
  script.done();
}

TEST_CASE("Answers that are none of Vault's are refused, whatever they hold") {
  const std::vector<std::string> bodies{
      "{}",
      "[]",
      "null",
      R"({"data":null})",
      R"({"data":"hunter2"})",
      R"({"data":{"data":{"value":"hunter2"}}})",
      R"({"data":{"data":"hunter2","metadata":{"version":1,"destroyed":false}}})",
      R"({"data":{"data":["hunter2"],"metadata":{"version":1,"destroyed":false}}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":"1","destroyed":false}}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":0,"destroyed":false}}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":1.5,"destroyed":false}}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":1,"destroyed":"no"}}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":1,"destroyed":false,"custom_metadata":[]}}})",
      R"({"data":{"metadata":{"version":1,"destroyed":false}}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":1,"destroyed":false}},"data":{}})",
      R"({"data":{"data":{"value":"hunter2"},"metadata":{"version":1,"destroyed":false}}} x)",
  };
  for (const std::string& body : bodies) {
    CAPTURE(body);
    Script script;
    script.get("secret/data/a", 200, body);
    const auto secret = script.store->get("a");
    REQUIRE_FALSE(secret);
    CHECK(secret.error().code() == MalformedResponse);
    CHECK(secret.error().to_string().find("hunter2") == std::string::npos);
  }
}

TEST_CASE("A 404 says that nothing is there only when Vault wrote it") {
  for (const auto* body : {R"({"message":"no Route matched"})", R"({"errors":["something else"]})", "{}", "<html>", "",
                           R"({"errors":"none"})"}) {
    CAPTURE(body);
    Script script;
    script.get("secret/data/a", 404, body);
    fails(script.store->get("a"), MalformedResponse, "vault.response");
  }
  Script script;
  script.get("secret/data/a", 404, nothing_there);
  fails(script.store->get("a"), NotFound, "secret.not_found");
}

TEST_CASE("Deleted and destroyed versions are told apart from what never was") {
  Script script;
  const std::string metadata = R"("version":2,"created_time":"2026-11-22T14:00:04Z","custom_metadata":null,)";
  script.get("secret/data/a", 404,
             R"({"data":{"data":null,"metadata":{)" + metadata +
                 R"("deletion_time":"2026-11-22T14:00:05Z","destroyed":false}}})");
  script.get("secret/data/b", 404,
             R"({"data":{"data":null,"metadata":{)" + metadata + R"("deletion_time":"","destroyed":true}}})");
  fails(script.store->get("a"), Deleted, "secret.deleted");
  const auto destroyed = script.store->get("b");
  fails(destroyed, Deleted, "secret.deleted");
  CHECK(destroyed.error().message().find("destroyed") != std::string::npos);
  script.done();
}

TEST_CASE("The mount is asked for when nothing was there, once") {
  Script script({.mount = "secret"});
  script.get("secret/data/a", 404, nothing_there).get(ask_mount, 200, is_kv2).get("secret/data/b", 404, nothing_there);
  fails(script.store->get("a"), NotFound, "secret.not_found");
  fails(script.store->get("b"), NotFound, "secret.not_found");
  script.done();
}

TEST_CASE("A mount that is none, or of another kind, is no missing secret") {
  const auto answer = [](const std::string& mount, const std::string& body, ErrorCode code, const std::string& reason) {
    CAPTURE(body);
    Script script({.mount = mount});
    script.get(mount + "/data/a", 404, nothing_there).get("sys/internal/ui/mounts/" + mount, 200, body);
    const auto secret = script.store->get("a");
    fails(secret, code, reason);
    script.done();
    return secret.error().hint();
  };
  CHECK(answer("secret", mount_answer("secret/", "kv", R"({"version":"1"})"), NotSupported, "vault.kv1")
            .find("enable-versioning secret/") != std::string::npos);
  answer("secret", mount_answer("secret/", "kv", "null"), NotSupported, "vault.kv1");
  answer("secret", mount_answer("secret/", "generic", "{}"), NotSupported, "vault.kv1");
  answer("secret", mount_answer("secret/", "pki", "null"), InvalidArgument, "vault.no_mount");
  answer("secret", mount_answer("sec/", "kv", R"({"version":"2"})"), InvalidArgument, "vault.no_mount");
  CHECK(answer("kv/apps", mount_answer("kv/", "kv", R"({"version":"2"})"), InvalidArgument, "vault.no_mount")
            .find("write prefix=apps") != std::string::npos);

  Script unmounted({.mount = "secret"});
  unmounted.get("secret/data/a", 404,
                R"({"errors":["no handler for route \"secret/data/a\". route entry not found."]})");
  fails(unmounted.store->get("a"), InvalidArgument, "vault.no_mount");
  unmounted.done();

  Script nowhere;
  nowhere.get("secret/data/a", 404, R"({"errors":["namespace not found"]})");
  fails(nowhere.store->get("a"), InvalidArgument, "vault.no_namespace");
}

TEST_CASE("A token that may not ask for the mount reads all the same") {
  Script script({.mount = "secret"});
  const std::string no = R"({"errors":["preflight capability check returned 403, please ensure …"]})";
  script.get("secret/data/a", 404, nothing_there).get(ask_mount, 403, no).get("auth/token/lookup-self", 200, "{}");
  script.get("secret/data/b", 404, nothing_there);
  fails(script.store->get("a"), NotFound, "secret.not_found");
  fails(script.store->get("b"), NotFound, "secret.not_found");
}

TEST_CASE("What a mount of version 1 holds is not taken for a value") {
  Script script({.mount = "secret"});
  script.get("secret/data/a", 200, R"({"request_id":"1","data":{"password":"hunter2"}})")
      .get(ask_mount, 200, mount_answer("secret/", "kv", R"({"version":"1"})"));
  fails(script.store->get("a"), NotSupported, "vault.kv1");
  script.done();
}

TEST_CASE("Each of many has an answer of its own") {
  Script script;
  script.get("secret/data/a", 200, data_answer(R"({"value":"1"})", 1))
      .get("secret/data/b?version=2", 404, nothing_there)
      .get("secret/data/c", 500, R"({"errors":["internal error"]})")
      .get("secret/data/d", 200, "{}");
  const std::vector<Name> names{Name::parse("a").value(), Name::parse("b").value(), Name::parse("c").value(),
                                Name::parse("d").value(), Name::parse("e").value()};
  const std::vector<GetRequest> requests{
      {names[0]}, {names[1], at("2")}, {names[2]}, {names[3]}, {names[4], at("none")}};
  const auto secrets = script.store->get_many(requests);
  REQUIRE(secrets.size() == 5);
  CHECK(secrets[0]);
  fails(secrets[1], NotFound, "version.not_found");
  fails(secrets[2], Unavailable, "vault.unavailable");
  fails(secrets[3], MalformedResponse, "vault.response");
  fails(secrets[4], NotFound, "version.not_found");
  script.done();
}

TEST_CASE("stat asks for the history and the fields' names, never for the value") {
  Script script;
  script.get("secret/metadata/a", 200, record_answer(2, version(1) + "," + version(2), R"({"team":"core"})"))
      .get("secret/subkeys/a?depth=1", 200,
           R"({"data":{"subkeys":{"user":null,"password":null},"metadata":{"version":2,"destroyed":false}}})");
  const auto info = script.store->stat("a");
  REQUIRE(info);
  CHECK(info->current == Version("2"));
  CHECK_FALSE(info->deleted);
  CHECK(info->fields == std::vector<std::string>{"user", "password"});
  CHECK(info->metadata->tags.at("team") == "core");
  CHECK(info->metadata->updated > info->metadata->created);
  script.done();
}

TEST_CASE("stat makes do with what the token may see") {
  const std::string refused = R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})";
  const std::string seen = R"({"data":{"subkeys":{"value":null},"metadata":{"version":2,"destroyed":false}}})";
  const std::string lookup = R"({"data":{"id":"x"}})";
  {
    Script script;
    script.get("secret/metadata/a", 403, refused).get("secret/subkeys/a?depth=1", 200, seen);
    script.get("auth/token/lookup-self", 200, lookup);
    const auto info = script.store->stat("a");
    REQUIRE(info);
    CHECK(info->current == Version("2"));
    CHECK_FALSE(info->fields);
    CHECK_FALSE(info->metadata->created);
  }
  {
    Script script;
    script.get("secret/metadata/a", 200, record_answer(1, version(1))).get("secret/subkeys/a?depth=1", 403, refused);
    script.get("auth/token/lookup-self", 200, lookup);
    const auto info = script.store->stat("a");
    REQUIRE(info);
    CHECK_FALSE(info->fields);
  }
  {
    Script script;
    script.get("secret/metadata/a", 200, record_answer(1, version(1)));
    script.get("secret/subkeys/a?depth=1", 404, R"({"errors":["1 error occurred:\n\t* unsupported path\n\n"]})");
    CHECK(script.store->stat("a"));
  }
  {
    Script script;
    script.get("secret/metadata/a", 403, refused).get("secret/subkeys/a?depth=1", 403, refused);
    script.get("auth/token/lookup-self", 200, lookup);
    fails(script.store->stat("a"), PermissionDenied, "vault.refused");
  }
  {
    Script script;
    script.get("secret/metadata/a", 200, record_answer(1, version(1))).get("secret/subkeys/a?depth=1", 502, "");
    fails(script.store->stat("a"), Unavailable, "vault.unavailable");
  }
}

TEST_CASE("A version is deleted when the server's clock says so") {
  const std::string history = version(1) + "," + version(2, "2026-11-22T15:00:00.9Z") + "," +
                              version(3, "2026-11-23T00:00:00Z") + "," + version(4, "", true) + "," + version(5);
  const auto states = [&](std::optional<Clock::Wall> date) {
    Script script;
    script.date = date;
    script.get("secret/metadata/a", 200, record_answer(5, history));
    std::string seen;
    const auto page = script.store->versions("a");
    REQUIRE(page);
    for (const VersionInfo& info : page->items) seen += std::to_string(static_cast<int>(info.state));
    return seen;
  };
  using std::chrono::seconds;
  const Clock::Wall three(seconds(1795359600));  // 2026-11-22T15:00:00Z
  CHECK(states(three) == "02010");               // within the second
  CHECK(states(three - seconds(1)) == "02000");
  CHECK(states(three + std::chrono::hours(9)) == "02110");
  CHECK(states({}) == "02110");  // 2030 by the store's own clock
}

TEST_CASE("A history that cannot be is refused") {
  for (const std::string& body :
       {record_answer(1, version(2)), record_answer(3, version(2)), record_answer(-1, ""),
        record_answer(1, R"("one":{"destroyed":false})"), record_answer(1, R"("01":{"destroyed":false})"),
        record_answer(1, R"("1":{})"), record_answer(1, version(1, "soon")), record_answer(1, version(1), "[]"),
        record_answer(1, R"("1":null)"), std::string(R"({"data":{"versions":[]}})")}) {
    CAPTURE(body);
    Script script;
    script.get("secret/metadata/a", 200, body);
    fails(script.store->versions("a"), MalformedResponse, "vault.response");
  }
}

TEST_CASE("Metadata without a value are no secret") {
  Script script;
  for (int i = 0; i < 3; ++i) script.get("secret/metadata/a", 200, record_answer(0, "", R"({"team":"core"})"));
  fails(script.store->versions("a"), NotFound, "secret.not_found");
  fails(script.store->remove("a"), NotFound, "secret.not_found");
  fails(script.store->annotate("a", {.description = "x"}), NotFound, "secret.not_found");
  script.done();
}

TEST_CASE("Versions come in pages") {
  Script script;
  for (int i = 0; i < 3; ++i) {
    script.get("secret/metadata/a", 200, record_answer(11, version(9) + "," + version(11) + "," + version(10)));
  }
  const auto first = script.store->versions("a", {.limit = 2});
  REQUIRE(first);
  CHECK(first->items[0].version == Version("11"));
  CHECK(first->items[1].version == Version("10"));
  const auto second = script.store->versions("a", {.limit = 2, .page = first->next});
  REQUIRE(second);
  REQUIRE(second->items.size() == 1);
  CHECK(second->items[0].version == Version("9"));
  CHECK(second->next.empty());
  CHECK(script.store->versions("a")->items.size() == 3);
}

TEST_CASE("A path copied from Vault's API is explained") {
  const auto hint = [](const std::string& mount, bool listed) {
    Script script({.mount = mount});
    if (listed) {
      script.get(mount + "/metadata?list=true", 405,
                 R"({"errors":["1 error occurred:\n\t* unsupported operation\n\n"]})");
    } else {
      script.get(mount + "/data/a", 404, nothing_there);
    }
    script.get("sys/internal/ui/mounts/" + mount, 200, is_kv2);
    const auto error = listed ? script.store->list("").error() : script.store->get("a").error();
    fails(Result<void>(error), InvalidArgument, "vault.no_mount");
    script.done();
    return error.hint();
  };
  for (const bool listed : {false, true}) {
    CHECK(hint("secret/data/db", listed) ==
          "name the mount 'secret', and write prefix=db: leave 'data' out, locket adds it");
    CHECK(hint("secret/metadata/a/b", listed) ==
          "name the mount 'secret', and write prefix=a/b: leave 'metadata' out, locket adds it");
    CHECK(hint("secret/data", listed) == "name the mount 'secret': leave 'data' out, locket adds it");
    CHECK(hint("secret/database", listed) == "name the mount 'secret', and write prefix=database");
  }
}

TEST_CASE("A 405 that the mount does not explain is no answer of Vault's") {
  Script script;
  script.get("secret/metadata?list=true", 405, "{}").get("secret/metadata/a", 405, "{}");
  fails(script.store->list(""), MalformedResponse, "vault.response");
  fails(script.store->versions("a"), MalformedResponse, "vault.response");
}

TEST_CASE("A secret that is not there is missing also when the token's last use went into asking") {
  Script script({.mount = "secret"});
  const std::string denied = R"({"errors":["permission denied"]})";
  script.get("secret/data/a", 404, nothing_there).get(ask_mount, 403, denied);
  script.transport->expect({.target = "/v1/auth/token/lookup-self"}, {.status = 403, .body = denied}, 2);
  fails(script.store->get("a"), NotFound, "secret.not_found");
}
