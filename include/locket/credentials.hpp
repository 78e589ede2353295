#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <locket/clock.hpp>
#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>
#include <locket/secret_data.hpp>

namespace locket::inline v1 {

// Credentials of common kinds, and the fields that they are kept as. The fields' names are those that AWS's console and
// Vault's database engine write (`username`, `password`, `host`, …), so that what other tools stored reads too; members
// that a kind does not know are left alone. Each kind has
//
//   type            the word for Metadata::type
//   to_data()       its fields. InvalidArgument when a required one is empty or a text is not UTF-8
//   from(secret)    back. NotFound (reason "secret.no_field") names the first required field that is missing;
//                   InvalidArgument when the value is not fields, or a number is none
//
// Empty optional members are not written. Thread safety: as a std::string.

/// A key that is sent as it is. Fields: `api_key`, and optionally `organization`, `endpoint`.
struct LOCKET_EXPORT ApiKey {
  static constexpr std::string_view type = "api_key";

  SecretValue key = {};
  std::string organization = {};
  std::string endpoint = {};

  Result<SecretData> to_data() const;
  static Result<ApiKey> from(const Secret& secret);
};

/// RFC 6749's answer. Fields: `access_token`, and optionally `refresh_token`, `token_type`, `scope`, `expires_at`
/// (whole seconds since 1970 UTC, up to the year 2262).
struct LOCKET_EXPORT OAuthToken {
  static constexpr std::string_view type = "oauth_token";

  SecretValue access_token = {};
  SecretValue refresh_token = {};
  std::string token_type = {};
  std::string scope = {};
  std::optional<Clock::Wall> expires_at = {};

  Result<SecretData> to_data() const;
  static Result<OAuthToken> from(const Secret& secret);
};

/// Fields: `username`, `password`.
struct LOCKET_EXPORT BasicAuth {
  static constexpr std::string_view type = "basic_auth";

  std::string username = {};
  SecretValue password = {};

  Result<SecretData> to_data() const;
  static Result<BasicAuth> from(const Secret& secret);
};

/// Fields: `host`, `username`, `password`, and optionally `engine` ("postgres"), `port` (1 to 65535), `dbname`.
struct LOCKET_EXPORT DatabaseConnection {
  static constexpr std::string_view type = "database";

  std::string engine = {};
  std::string host = {};
  std::optional<std::uint16_t> port = {};
  std::string dbname = {};
  std::string username = {};
  SecretValue password = {};

  Result<SecretData> to_data() const;
  static Result<DatabaseConnection> from(const Secret& secret);
};

/// Fields: `private_key` (PEM or OpenSSH text), and optionally `public_key`, `passphrase`, `username`.
struct LOCKET_EXPORT SshKey {
  static constexpr std::string_view type = "ssh_key";

  SecretValue private_key = {};
  std::string public_key = {};
  SecretValue passphrase = {};
  std::string username = {};

  Result<SecretData> to_data() const;
  static Result<SshKey> from(const Secret& secret);
};

/// Whatever fields the application needs, in their order.
struct LOCKET_EXPORT CustomCredential {
  static constexpr std::string_view type = "custom";

  std::vector<Field> fields = {};

  Result<SecretData> to_data() const;
  static Result<CustomCredential> from(const Secret& secret);
};

using Credential = std::variant<ApiKey, OAuthToken, BasicAuth, DatabaseConnection, SshKey, CustomCredential>;

/// Reads the kind that `secret.metadata().type` names; CustomCredential for every other word and for none.
LOCKET_EXPORT Result<Credential> credential_from(const Secret& secret);

}  // namespace locket::inline v1
