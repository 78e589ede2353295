#include <string>
#include <vector>

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
      .get("secret/data/a", 404, nothing_there)
      .on(Method::Patch, "secret/data/a", body, 405, R"({"errors":[]})");
  fails(script.admin.patch("a", user("app"), Version("2")), Conflict, "put.version");
  fails(script.admin.patch("a", user("app"), Version("old")), Conflict, "put.version");
  fails(script.admin.patch("a", user("app")), Deleted, "secret.deleted");
  fails(script.admin.patch("a", user("app")), NotFound, "secret.not_found");
  fails(script.admin.patch("a", user("app")), NotSupported, "vault.patch");
  script.done();
}
