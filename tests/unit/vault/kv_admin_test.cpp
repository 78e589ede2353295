#include <string>
#include <utility>
#include <vector>

#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <locket/backends/vault_admin.hpp>

#include "kv_script.hpp"

using namespace locket;
using enum ErrorCode;
using http::Method;

namespace {

const std::string cas_failed = R"({"errors":["check-and-set parameter did not match the current version"]})";
const std::string wrote_3 = R"({"data":{"version":3,"destroyed":false}})";

SecretData user(const char* value) {
  return SecretData::fields({{"user", value}}).value();
}

class AdminScript : public Script {
 public:
  vault::Admin admin = open();

 private:
  vault::Admin open() {
    auto opened = vault::Admin::open(options());
    REQUIRE(opened);
    return std::move(*opened);
  }
};

}  // namespace

TEST_CASE("destroy names the versions, once it has seen that they are there") {
  AdminScript script;
  const std::vector<Version> both{Version("1"), Version("3")};
  script.get("secret/metadata/a", 200, record_answer(3, version(1) + "," + version(2) + "," + version(3)))
      .post("secret/destroy/a", R"({"versions":[1,3]})", 204);
  CHECK(script.admin.destroy("a", both));
  script.get("secret/metadata/a", 200, record_answer(2, version(1) + "," + version(2)));
  fails(script.admin.destroy("a", both), NotFound, "version.not_found");
  script.get("secret/metadata/a", 404, nothing_there);
  fails(script.admin.destroy("a", both), NotFound, "secret.not_found");
  fails(script.admin.destroy("a", {}), InvalidArgument, "vault.versions");
  fails(script.admin.destroy("../a", both), InvalidArgument, "name.dot_segment");
  script.get("secret/metadata/a", 200, record_answer(1, version(1)))
      .post("secret/destroy/a", R"({"versions":[1]})", 204);
  CHECK(script.admin.destroy(Name::parse("a").value(), {{Version("1")}}));
  script.done();
}

TEST_CASE("patch sends the fields that change, and is sent once") {
  AdminScript script;
  script.on(Method::Patch, "secret/data/a", R"({"data":{"user":"app"}})", 200, wrote_3)
      .on(Method::Patch, "secret/data/a", R"({"data":{"user":"app"},"options":{"cas":2}})", 200, wrote_3);
  CHECK(script.admin.patch("a", user("app")).value() == Version("3"));
  CHECK(script.admin.patch("a", user("app"), Version("2")).value() == Version("3"));
  for (const auto& sent : script.transport->sent()) {
    if (sent.method == Method::Patch) CHECK(sent.purpose == http::Purpose::Write);
  }
  fails(script.admin.patch("a", SecretData::bytes("x")), InvalidArgument, "vault.fields");
  fails(script.admin.patch("../a", user("app")), InvalidArgument, "name.dot_segment");
  script.done();
}

TEST_CASE("A patch of what is not as it was, deleted, or not there changes nothing") {
  AdminScript script;
  const std::string body = R"({"data":{"user":"app"}})";
  const std::string gone = R"({"data":{"data":null,"metadata":{"created_time":"2026-11-22T14:00:04Z","version":1,)"
                           R"("deletion_time":"2026-11-22T15:00:04Z","destroyed":false,"custom_metadata":null}}})";
  script.on(Method::Patch, "secret/data/a", R"({"data":{"user":"app"},"options":{"cas":2}})", 400, cas_failed)
      .on(Method::Patch, "secret/data/a", body, 404, "")
      .get("secret/data/a", 404, gone)
      .on(Method::Patch, "secret/data/a", body, 404, "")
      .get("secret/data/a", 404, nothing_there);
  fails(script.admin.patch("a", user("app"), Version("2")), Conflict, "put.version");
  fails(script.admin.patch("a", user("app"), Version("old")), Conflict, "put.version");
  fails(script.admin.patch("a", user("app")), Deleted, "secret.deleted");
  fails(script.admin.patch("a", user("app")), NotFound, "secret.not_found");
  script.done();
}

TEST_CASE("Where there is no PATCH, all fields are read and written under the condition that nobody else wrote") {
  const auto [status, answer] = GENERATE(
      std::pair{405, R"({"errors":[]})"}, std::pair{404, R"({"errors":["1 error occurred: unsupported path"]})"},
      std::pair{403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})"});
  AdminScript script;
  const std::string patch = R"({"data":{"user":"app","old":null,"in":{"b":null,"c":[1,null]},"new":{"x":null,"y":1}}})";
  const std::string before = R"({"old":"x","in":{"a":1.50,"b":2},"user":"\u00e9","kept":null})";
  const auto after = [](int cas) {
    return fmt::format(R"({{"data":{{"in":{{"a":1.50,"c":[1,null]}},"user":"app","kept":null,"new":{{"y":1}}}},)"
                       R"("options":{{"cas":{}}}}})",
                       cas);
  };
  script.on(Method::Patch, "secret/data/a", patch, status, answer)
      .get("secret/data/a", 200, data_answer(before, 2))
      .post("secret/data/a", after(2), 400, cas_failed)
      .get("secret/data/a", 200, data_answer(before, 4))
      .post("secret/data/a", after(4), 200, R"({"data":{"version":5,"destroyed":false}})");
  if (status == 403) script.get("auth/token/lookup-self", 200, R"({"data":{"id":"x"}})");
  const std::string fields = patch.substr(8, patch.size() - 9);
  const auto changes = SecretData::json_object(SecretValue(fields)).value();
  CHECK(script.admin.patch("a", changes).value() == Version("5"));
  script.done();
}

TEST_CASE("Without PATCH, too, a patch of what is not as it was, deleted, or not there changes nothing") {
  AdminScript script;
  const auto unsupported = [&](int status, const std::string& answer) {
    script.transport->expect({.method = Method::Patch, .target = "/v1/secret/data/a"}, {.status = 405});
    script.get("secret/data/a", status, answer);
  };
  unsupported(200, data_answer(R"({"user":"x"})", 3));
  fails(script.admin.patch("a", user("app"), Version("2")), Conflict, "put.version");
  unsupported(200, data_answer(R"({"user":"x"})", 2));
  script.post("secret/data/a", R"({"data":{"user":"app"},"options":{"cas":2}})", 400, cas_failed);
  fails(script.admin.patch("a", user("app"), Version("2")), Conflict, "put.version");
  unsupported(404, nothing_there);
  fails(script.admin.patch("a", user("app")), NotFound, "secret.not_found");
  for (int i = 0; i < 8; ++i) {
    if (i == 0) unsupported(200, data_answer("{}", 1));
    if (i != 0) script.get("secret/data/a", 200, data_answer("{}", 1));
    script.post("secret/data/a", R"({"data":{"user":"app"},"options":{"cas":1}})", 400, cas_failed);
  }
  fails(script.admin.patch("a", user("app")), Conflict, "vault.contention");
  script.done();
}

TEST_CASE("A token that may neither patch nor read is told that it may not patch") {
  AdminScript script;
  const std::string refused = R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})";
  script.on(Method::Patch, "secret/data/a", R"({"data":{"user":"app"}})", 403, refused)
      .get("secret/data/a", 403, refused);
  script.transport->expect({.target = "/v1/auth/token/lookup-self"}, {.body = R"({"data":{"id":"x"}})"}, 2);
  const auto patched = script.admin.patch("a", user("app"));
  fails(patched, PermissionDenied, "vault.refused");
  CHECK(has(patched.error().hint(), R"("patch")"));
}
