#include <locket/credentials.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace locket;

namespace {

Secret stored(const Result<SecretData>& data, std::string_view type = {}) {
  REQUIRE(data);
  return Secret(data->clone(), {}, {.type = std::string(type)});
}

Secret json(std::string_view text) {
  return Secret(SecretData::bytes(text));
}

}  // namespace

TEST_CASE("every credential comes back from its fields") {
  const ApiKey key{.key = SecretValue("sk-1"), .organization = "acme"};
  CHECK(ApiKey::from(stored(key.to_data()))->key == key.key);
  CHECK(ApiKey::from(stored(key.to_data()))->organization == "acme");

  const OAuthToken token{.access_token = SecretValue("at"),
                         .refresh_token = SecretValue("rt"),
                         .token_type = "Bearer",
                         .scope = "read",
                         .expires_at = Clock::Wall(std::chrono::seconds(1'800'000'000))};
  const auto token_back = OAuthToken::from(stored(token.to_data()));
  CHECK(token_back->refresh_token == token.refresh_token);
  CHECK(token_back->expires_at == token.expires_at);

  const BasicAuth basic{.username = "app", .password = SecretValue("pw")};
  CHECK(BasicAuth::from(stored(basic.to_data()))->password == basic.password);

  const DatabaseConnection db{.engine = "postgres",
                              .host = "db.example",
                              .port = 5432,
                              .dbname = "orders",
                              .username = "app",
                              .password = SecretValue("pw")};
  const auto db_back = DatabaseConnection::from(stored(db.to_data()));
  CHECK(db_back->port == 5432);
  CHECK(db_back->dbname == "orders");

  const SshKey ssh{.private_key = SecretValue("-----BEGIN"), .passphrase = SecretValue("pp"), .username = "git"};
  CHECK(SshKey::from(stored(ssh.to_data()))->passphrase == ssh.passphrase);

  CustomCredential custom;
  custom.fields.push_back({.name = "pin", .value = SecretValue("0000")});
  CHECK(CustomCredential::from(stored(custom.to_data()))->fields[0].value == custom.fields[0].value);
}

TEST_CASE("what AWS's console writes for a database reads as one") {
  const auto db = DatabaseConnection::from(
      json(R"({"username":"app","password":"pw","engine":"mysql","host":"h","port":3306,"dbInstanceIdentifier":"x"})"));
  REQUIRE(db);
  CHECK(db->port == 3306);
}

TEST_CASE("an incomplete or wrong credential is refused by the field's name") {
  const auto empty = BasicAuth{.username = "app"}.to_data();
  CHECK(empty.error().code() == ErrorCode::InvalidArgument);
  CHECK(empty.error().message().find("'password'") != std::string::npos);

  const auto missing = BasicAuth::from(json(R"({"username":"hunter2"})"));
  CHECK(missing.error().code() == ErrorCode::NotFound);
  CHECK(missing.error().message().find("'password'") != std::string::npos);

  for (const char* port : {"99999", "-1", "\"x\"", "1.5"}) {
    const auto db = DatabaseConnection::from(
        json(std::string(R"({"host":"h","username":"u","password":"hunter2","port":)") + port + "}"));
    REQUIRE_FALSE(db);
    CHECK(db.error().message().find("'port'") != std::string::npos);
    CHECK(db.error().to_string().find("hunter2") == std::string::npos);
  }
  CHECK(BasicAuth::from(json("plain")).error().code() == ErrorCode::InvalidArgument);
}

TEST_CASE("null is no password, and a time that was written can be read") {
  CHECK(BasicAuth::from(json(R"({"username":"u","password":null})")).error().code() == ErrorCode::NotFound);
  for (const std::chrono::seconds time : {std::chrono::seconds(-5), std::chrono::seconds(5'000'000'000)}) {
    const OAuthToken token{.access_token = SecretValue("at"), .expires_at = Clock::Wall(time)};
    CHECK(OAuthToken::from(stored(token.to_data()))->expires_at == token.expires_at);
  }
  CHECK_FALSE(OAuthToken::from(json(R"({"access_token":"at","expires_at":99999999999})")));
}

TEST_CASE("the metadata's type says which credential it is") {
  const BasicAuth basic{.username = "app", .password = SecretValue("pw")};
  CHECK(std::holds_alternative<BasicAuth>(*credential_from(stored(basic.to_data(), BasicAuth::type))));
  CHECK(std::holds_alternative<CustomCredential>(*credential_from(stored(basic.to_data(), "something"))));
  CHECK(std::holds_alternative<CustomCredential>(*credential_from(stored(basic.to_data()))));
  CHECK_FALSE(credential_from(stored(basic.to_data(), SshKey::type)));
}
