#include <string>
#include <vector>

#include <fmt/format.h>

#include "kv_script.hpp"

using namespace locket;
using enum ErrorCode;
using http::Method;

namespace {

const std::string wrote_3 = R"({"data":{"version":3,"destroyed":false}})";
const std::string cas_failed = R"({"errors":["check-and-set parameter did not match the current version"]})";
const std::string cas_required = R"({"errors":["check-and-set parameter required for this call"]})";
const std::string refused = R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})";

PutOptions if_version(const std::string& version) {
  return {.condition = Version(version)};
}

}  // namespace

TEST_CASE("put writes the object, and the condition as Vault understands it") {
  Script script;
  script.post("secret/data/a", R"({"data":{"value":"x"}})", 200, wrote_3);
  CHECK(script.store->put("a", SecretData::bytes("x")).value() == Version("3"));
  script.post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":2}})", 200, wrote_3);
  CHECK(script.store->put("a", SecretData::bytes("x"), if_version("2")).value() == Version("3"));
  script.post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":0}})", 200, R"({"data":{"version":1}})");
  CHECK(script.store->put("a", SecretData::bytes("x"), {.condition = MustNotExist{}}).value() == Version("1"));
  for (const auto& sent : script.transport->sent()) {
    if (sent.method == Method::Post) CHECK(sent.purpose == http::Purpose::Write);
  }
  script.done();
}

TEST_CASE("A condition that does not hold is a Conflict without effect") {
  Script script;
  script.post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":2}})", 400, cas_failed)
      .post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":0}})", 400, cas_failed);
  fails(script.store->put("a", SecretData::bytes("x"), if_version("2")), Conflict, "put.version");
  fails(script.store->put("a", SecretData::bytes("x"), {.condition = MustNotExist{}}), Conflict, "put.exists");
  fails(script.store->put("a", SecretData::bytes("x"), if_version("v2")), Conflict, "put.version");
  script.done();
}

TEST_CASE("Where Vault demands a condition, it is the version that is there") {
  const std::string plain = R"({"data":{"value":"x"}})";
  Script script;
  script.post("secret/data/a", plain, 400, cas_required)
      .get("secret/metadata/a", 200, record_answer(1, version(1)))
      .post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":1}})", 400, cas_failed)
      .get("secret/metadata/a", 200, record_answer(2, version(1) + "," + version(2)))
      .post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":2}})", 200, wrote_3);
  CHECK(script.store->put("a", SecretData::bytes("x")).value() == Version("3"));
  script.post("secret/data/b", plain, 400, cas_required)
      .get("secret/metadata/b", 404, nothing_there)
      .post("secret/data/b", R"({"data":{"value":"x"},"options":{"cas":0}})", 200, R"({"data":{"version":1}})");
  CHECK(script.store->put("b", SecretData::bytes("x")).value() == Version("1"));
  script.done();
}

TEST_CASE("A write whose answer makes no sense may have been done") {
  for (const std::string& body : {std::string("{}"), std::string(R"({"data":{"version":"3"}})"),
                                  std::string(R"({"data":{"version":0}})"), std::string(R"({"data":null})")}) {
    Script script;
    script.post("secret/data/a", R"({"data":{"value":"x"}})", 200, body);
    fails(script.store->put("a", SecretData::bytes("x")), MalformedResponse, "vault.response", Effect::Unknown);
  }
  Script script;
  script.post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":7}})", 200, wrote_3);
  fails(script.store->put("a", SecretData::bytes("x"), if_version("7")), MalformedResponse, "vault.response",
        Effect::Unknown);
  script.post("secret/data/a", R"({"data":{"value":"x"}})", 204);
  fails(script.store->put("a", SecretData::bytes("x")), MalformedResponse, "vault.response", Effect::Unknown);
}

TEST_CASE("A request that Vault takes for wrong had no effect, and is not quoted") {
  Script script;
  script.post("secret/data/a", R"({"data":{"value":"hunter2"}})", 400, R"({"errors":["bad: hunter2"]})");
  const auto put = script.store->put("a", SecretData::bytes("hunter2"));
  fails(put, InvalidArgument, "vault.rejected");
  CHECK(put.error().to_string().find("hunter2") == std::string::npos);
  script.post("secret/data/a", R"({"data":{"value":"x"}})", 400,
              R"({"errors":["Upgrading from non-versioned to versioned data. This backend will be unavailable …"]})");
  const auto upgrading = script.store->put("a", SecretData::bytes("x"));
  fails(upgrading, Unavailable, "vault.upgrading");
  CHECK(upgrading.error().retryable());
}

TEST_CASE("Nothing is written to a mount before it is known to be one of version 2") {
  const std::string ask = "sys/internal/ui/mounts/secret";
  Script one({.mount = "secret"});
  one.get(ask, 200, R"({"data":{"path":"secret/","type":"kv","options":{"version":"1"}}})");
  fails(one.store->put("a", SecretData::bytes("x")), NotSupported, "vault.kv1");
  one.done();

  Script two({.mount = "secret"});
  two.get(ask, 200, R"({"data":{"path":"secret/","type":"kv","options":{"version":"2"}}})")
      .post("secret/data/a", R"({"data":{"value":"x"}})", 200, wrote_3)
      .post("secret/data/a", R"({"data":{"value":"x"}})", 200, wrote_3);
  CHECK(two.store->put("a", SecretData::bytes("x")));
  CHECK(two.store->put("a", SecretData::bytes("x")));
  two.done();

  Script down({.mount = "secret"});
  down.get(ask, 502, "");
  fails(down.store->put("a", SecretData::bytes("x")), Unavailable, "vault.unavailable");
}

TEST_CASE("A put with metadata writes the value first, and says when it got no further") {
  const PutOptions options{.metadata = MetadataPatch{.description = "d"}};
  const std::string patch = R"({"custom_metadata":{"locket.description":"d"}})";
  Script script;
  script.get("secret/metadata/a", 404, nothing_there)
      .post("secret/data/a", R"({"data":{"value":"x"}})", 200, wrote_3)
      .on(Method::Patch, "secret/metadata/a", patch, 204);
  CHECK(script.store->put("a", SecretData::bytes("x"), options));
  CHECK(script.transport->sent().back().header("Content-Type") == "application/merge-patch+json");

  script.get("secret/metadata/a", 404, nothing_there)
      .post("secret/data/a", R"({"data":{"value":"x"}})", 200, wrote_3)
      .on(Method::Patch, "secret/metadata/a", patch, 500, R"({"errors":["x"]})");
  fails(script.store->put("a", SecretData::bytes("x"), options), Unavailable, "vault.unavailable", Effect::Applied);

  script.get("secret/metadata/a", 404, nothing_there)
      .post("secret/data/a", R"({"data":{"value":"x"},"options":{"cas":4}})", 400, cas_failed);
  PutOptions conditional = options;
  conditional.condition = Version("4");
  fails(script.store->put("a", SecretData::bytes("x"), conditional), Conflict, "put.version");
  script.done();
}

TEST_CASE("Metadata that do not fit keep the value from being written") {
  std::string custom;
  for (int i = 0; i < 64; ++i) custom += fmt::format(R"({}"k{}":"v")", i == 0 ? "{" : ",", i);
  Script script;
  script.get("secret/metadata/a", 200, record_answer(1, version(1), custom + "}"));
  fails(script.store->put("a", SecretData::bytes("x"), {.metadata = MetadataPatch{.description = "d"}}), LimitExceeded,
        "vault.metadata");
  script.done();
}

TEST_CASE("Metadata are replaced as a whole where they cannot be patched") {
  const std::string before = R"({"team":"core","gone":"x"})";
  const MetadataPatch change{.description = "d", .tags = {{"gone", clear}}};
  const std::string patch = R"({"custom_metadata":{"gone":null,"locket.description":"d"}})";
  const std::string whole = R"({"custom_metadata":{"locket.description":"d","team":"core"}})";
  const auto record = [&](Script& script) {
    script.get("secret/metadata/a", 200, record_answer(1, version(1), before));
  };
  Script old;
  record(old);
  old.on(Method::Patch, "secret/metadata/a", patch, 405, R"({"errors":["unsupported operation"]})")
      .post("secret/metadata/a", whole, 204);
  CHECK(old.store->annotate("a", change));
  record(old);
  old.post("secret/metadata/a", whole, 204);
  CHECK(old.store->annotate("a", change));
  old.done();

  Script policy;
  record(policy);
  policy.on(Method::Patch, "secret/metadata/a", patch, 403, refused).post("secret/metadata/a", whole, 204);
  policy.get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
  CHECK(policy.store->annotate("a", change));

  Script nothing;
  record(nothing);
  nothing.on(Method::Patch, "secret/metadata/a", patch, 403, refused).post("secret/metadata/a", whole, 403, refused);
  for (int i = 0; i < 2; ++i) nothing.get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
  const auto annotated = nothing.store->annotate("a", change);
  fails(annotated, PermissionDenied, "vault.refused");
  CHECK(annotated.error().hint().find("patch") != std::string::npos);
}

TEST_CASE("Where OpenBao demands a condition of metadata, too, it is their version") {
  const std::string demanded = R"({"errors":["metadata check-and-set parameter required for this call"]})";
  std::string record = record_answer(1, version(1));
  record.insert(record.find(R"("current_version")"), R"("current_metadata_version":5,)");
  Script script;
  script.get("secret/metadata/a", 200, record)
      .on(Method::Patch, "secret/metadata/a", R"({"custom_metadata":{"t":"v"}})", 400, demanded)
      .get("secret/metadata/a", 200, record)
      .on(Method::Patch, "secret/metadata/a", R"({"custom_metadata":{"t":"v"},"metadata_cas":5})", 204);
  CHECK(script.store->annotate("a", {.tags = {{"t", "v"}}}));
  script.done();
}

TEST_CASE("remove deletes what is live, undelete brings back what is deleted, and nothing else") {
  const std::string past = "2026-11-22T15:00:00Z";
  const std::string history = version(1) + "," + version(2, past) + "," + version(3, past, true) + "," + version(4);
  Script script;
  script.get("secret/metadata/a", 200, record_answer(4, history)).post("secret/delete/a", R"({"versions":[4,1]})", 204);
  CHECK(script.store->remove("a"));
  script.get("secret/metadata/a", 200, record_answer(4, history)).post("secret/undelete/a", R"({"versions":[2]})", 204);
  CHECK(script.store->undelete("a"));
  script.get("secret/metadata/b", 200, record_answer(2, version(2, past)));
  CHECK(script.store->remove("b"));
  script.get("secret/metadata/b", 200, record_answer(1, version(1)));
  CHECK(script.store->undelete("b"));
  script.get("secret/metadata/c", 404, nothing_there);
  fails(script.store->remove("c"), NotFound, "secret.not_found");
  for (const auto& sent : script.transport->sent()) {
    if (sent.method == Method::Post) CHECK(sent.purpose == http::Purpose::IdempotentWrite);
  }
  script.done();
}

TEST_CASE("Answers with warnings instead of nothing are as good") {
  const std::string warned = R"({"request_id":"1","data":null,"warnings":["x"]})";
  Script script;
  script.get("secret/metadata/a", 200, record_answer(1, version(1)))
      .post("secret/delete/a", R"({"versions":[1]})", 200, warned);
  CHECK(script.store->remove("a"));
  script.get("secret/metadata/a", 200, record_answer(1, version(1)))
      .on(Method::Delete, "secret/metadata/a", "", 200, warned);
  CHECK(script.store->purge("a"));
  script.done();
}

TEST_CASE("purge is sent once, and only for what is there") {
  Script script;
  script.get("secret/metadata/a", 404, nothing_there);
  fails(script.store->purge("a"), NotFound, "secret.not_found");
  script.get("secret/metadata/a", 200, record_answer(0, "")).on(Method::Delete, "secret/metadata/a", "", 204);
  CHECK(script.store->purge("a"));
  CHECK(script.transport->sent().back().purpose == http::Purpose::Write);
  script.done();
}

TEST_CASE("rollback writes the earlier object as Vault told it, and what Vault rounded stays as it is") {
  const std::string object = R"({"n":0.30000000000000004,"value":"x"})";
  Script script;
  script.get("secret/metadata/a", 200, record_answer(2, version(1) + "," + version(2)))
      .get("secret/data/a?version=1", 200, data_answer(object, 1))
      .post("secret/data/a", R"({"data":)" + object + "}", 200, wrote_3);
  CHECK(script.store->rollback("a", Version("1")).value() == Version("3"));
  script.done();
}

TEST_CASE("rollback wants a secret and a version that are live") {
  const std::string past = "2026-11-22T15:00:00Z";
  Script script;
  script.get("secret/metadata/a", 200, record_answer(2, version(1, past) + "," + version(2)))
      .get("secret/data/a?version=1", 404,
           R"({"data":{"data":null,"metadata":{"version":1,"deletion_time":")" + past + R"(","destroyed":false}}})");
  fails(script.store->rollback("a", Version("1")), Deleted, "secret.deleted");
  script.get("secret/metadata/a", 200, record_answer(2, version(1) + "," + version(2, past)));
  fails(script.store->rollback("a", Version("1")), Deleted, "secret.deleted");
  script.get("secret/metadata/a", 200, record_answer(2, version(2)));
  fails(script.store->rollback("a", Version("1")), NotFound, "version.not_found");
  script.done();
}

TEST_CASE("When all metadata cannot be written anew either, the reason is that of the last attempt") {
  const std::string patch = R"({"custom_metadata":{"locket.description":"d"}})";
  const auto annotate = [&](const testing::CannedAnswer& replaced) {
    Script script;
    script.get("secret/metadata/a", 200, record_answer(1, version(1)));
    script.on(Method::Patch, "secret/metadata/a", patch, 403, refused);
    script.get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
    script.transport->expect({.method = Method::Post, .target = "/v1/secret/metadata/a"}, replaced);
    return script.store->annotate("a", {.description = "d"});
  };
  const Error lost({.code = Network, .reason = "http.truncated", .effect = Effect::Unknown});
  fails(annotate({.error = lost}), Network, "http.truncated", Effect::Unknown);
  fails(annotate({.status = 503, .body = R"({"errors":["Vault is sealed"]})"}), Unavailable, "vault.sealed");
}

TEST_CASE("What an attempt without an answer did is not known, whatever the next one was answered") {
  const auto sealed = std::pair(503, std::string(R"({"errors":["Vault is sealed"]})"));
  for (const auto& [status, body] :
       {sealed, std::pair(429, std::string("{}")), std::pair(412, std::string("{}")), std::pair(413, std::string()),
        std::pair(472, std::string("{}")), std::pair(307, std::string()), std::pair(404, nothing_there),
        std::pair(400, std::string(R"({"errors":["no"]})"))}) {
    CAPTURE(status);
    for (const bool loses : {false, true}) {
      Script script;
      script.losing->loses = loses;
      const Effect effect = loses ? Effect::Unknown : Effect::None;
      const auto record = [&] { script.get("secret/metadata/a", 200, record_answer(1, version(1))); };
      record();
      script.post("secret/delete/a", R"({"versions":[1]})", status, body);
      const auto removed = script.store->remove("a");
      REQUIRE_FALSE(removed);
      CHECK(removed.error().effect() == effect);
      record();
      script.on(Method::Patch, "secret/metadata/a", R"({"custom_metadata":{"t":"v"}})", status, body);
      const auto annotated = script.store->annotate("a", {.tags = {{"t", "v"}}});
      REQUIRE_FALSE(annotated);
      CHECK(annotated.error().effect() == effect);
      script.done();
    }
  }
}

TEST_CASE("23: a patch that was refused after an attempt without an answer may have been done") {
  const std::string patch = R"({"custom_metadata":{"locket.description":"d"}})";
  for (const auto& [status, body] : {std::pair(400, std::string(R"({"errors":["no"]})")), std::pair(403, refused)}) {
    CAPTURE(status);
    Script script;
    script.losing->loses = true;
    script.get("secret/metadata/a", 200, record_answer(1, version(1)))
        .on(Method::Patch, "secret/metadata/a", patch, 403, refused)
        .post("secret/metadata/a", patch, status, body);
    for (int i = 0; i < 2; ++i) script.get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
    const auto annotated = script.store->annotate("a", {.description = "d"});
    REQUIRE_FALSE(annotated);
    CHECK(annotated.error().effect() == Effect::Unknown);
  }
}

TEST_CASE("A change that others keep coming in between of may have been done in an attempt without an answer") {
  Script script;
  script.losing->loses = true;
  for (int i = 0; i < 8; ++i) {
    script.get("secret/metadata/a", 200, record_answer(1, version(1)));
    script.transport->expect(
        {.method = Method::Patch, .target = "/v1/secret/metadata/a"},
        {.status = 400, .body = R"({"errors":["metadata check-and-set parameter did not match"]})"});
  }
  script.get("secret/metadata/a", 200, record_answer(1, version(1)));
  fails(script.store->annotate("a", {.tags = {{"t", "v"}}}), Conflict, "vault.contention", Effect::Unknown);
}

TEST_CASE("A put whose metadata were refused says that the value is there without them") {
  Script script;
  script.get("secret/metadata/a", 404, nothing_there)
      .post("secret/data/a", R"({"data":{"value":"x"}})", 200, wrote_3)
      .on(Method::Patch, "secret/metadata/a", R"({"custom_metadata":{"locket.description":"d"}})", 400,
          R"({"errors":["no"]})");
  const auto put = script.store->put("a", SecretData::bytes("x"), {.metadata = MetadataPatch{.description = "d"}});
  fails(put, InvalidArgument, "vault.rejected", Effect::Applied);
  CHECK(has(put.error().message(), "the value of 'a' was written as version 3, but not its metadata"));
  CHECK(has(put.error().message(), "expiry"));
  CHECK(has(put.error().message(), "secret/metadata/a"));
}

TEST_CASE("A secret whose current version is destroyed is not brought back, but what was deleted before it is") {
  const std::string past = "2026-11-22T15:00:00Z";
  Script script;
  script
      .get("secret/metadata/a", 200,
           record_answer(3, version(1) + "," + version(2, past) + "," + version(3, past, true)))
      .post("secret/undelete/a", R"({"versions":[2]})", 204);
  const auto undeleted = script.store->undelete("a");
  fails(undeleted, Deleted, "secret.deleted", Effect::Applied);
  CHECK(has(undeleted.error().message(), "destroyed"));
  CHECK(has(undeleted.error().hint(), "version 2"));
  script.get("secret/metadata/b", 200, record_answer(2, version(1) + "," + version(2, past, true)));
  const auto older = script.store->undelete("b");
  fails(older, Deleted, "secret.deleted");
  CHECK(has(older.error().hint(), "version 1"));
  script.get("secret/metadata/c", 200, record_answer(1, version(1, past, true)));
  const auto nothing = script.store->undelete("c");
  fails(nothing, Deleted, "secret.deleted");
  CHECK_FALSE(has(nothing.error().hint(), "version"));
  script.done();
}

TEST_CASE("Where the caller vouched for version 2, an answer that makes no sense questions that") {
  Script script;
  script.post("secret/data/a", R"({"data":{"value":"x"}})", 204).get("secret/data/a", 200, R"({"data":{"data":{}}})");
  const auto put = script.store->put("a", SecretData::bytes("x"));
  fails(put, MalformedResponse, "vault.response", Effect::Unknown);
  CHECK(has(put.error().hint(), "leave kv=2 out"));
  CHECK(has(script.store->get("a").error().hint(), "leave kv=2 out"));

  Script asked({.mount = "secret"});
  asked.get("sys/internal/ui/mounts/secret", 200,
            R"({"data":{"path":"secret/","type":"kv","options":{"version":"2"}}})");
  asked.post("secret/data/a", R"({"data":{"value":"x"}})", 204);
  CHECK_FALSE(has(asked.store->put("a", SecretData::bytes("x")).error().hint(), "kv=2"));
}
