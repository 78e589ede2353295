#include <locket/credentials.hpp>

#include <charconv>
#include <limits>
#include <memory>
#include <type_traits>

#include <fmt/format.h>

namespace locket::inline v1 {
namespace {

// Clock::Wall counts nanoseconds: it ends in the year 2262.
constexpr std::int64_t last_second = 9'223'372'035;

// Gathers the fields of one credential; the first empty required one is remembered and told at the end.
class FieldWriter {
 public:
  FieldWriter& required(std::string_view name, std::string_view value) {
    if (value.empty() && missing_.empty()) missing_ = name;
    return optional(name, value);
  }
  FieldWriter& optional(std::string_view name, std::string_view value) {
    if (!value.empty()) fields_.push_back({.name = std::string(name), .value = SecretValue(value)});
    return *this;
  }
  Result<SecretData> data(std::string_view type) const {
    if (missing_.empty()) return SecretData::fields(fields_);
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "credential.incomplete",
                  .message = fmt::format("the field '{}' of a credential of type {} is empty", missing_, type),
                  .hint = "set it before storing the credential"});
  }

 private:
  std::vector<Field> fields_;
  std::string_view missing_;
};

// Reads the fields of one credential; the first error stays and is told at the end.
class FieldReader {
 public:
  explicit FieldReader(const Secret& secret) : secret_(secret) {}

  SecretValue required(std::string_view name) { return read(name, true); }
  SecretValue optional(std::string_view name) { return read(name, false); }
  std::string required_text(std::string_view name) { return std::string(required(name).expose()); }
  std::string optional_text(std::string_view name) { return std::string(optional(name).expose()); }

  template <class Number>
  std::optional<Number> optional_number(std::string_view name, Number limit = std::numeric_limits<Number>::max()) {
    const SecretValue value = optional(name);
    if (value.empty()) return {};
    Number number = 0;
    const std::string_view text = value.expose();
    const char* const begin = std::to_address(text.begin());
    const char* const end = begin + text.size();
    const auto [last, failed] = std::from_chars(begin, end, number);
    const bool low = std::is_signed_v<Number> && number < Number{} - limit;
    if (failed == std::errc() && last == end && number <= limit && !low) return number;
    fail(Error({.code = ErrorCode::InvalidArgument,
                .reason = "credential.number",
                .message = fmt::format("the field '{}' is no number, or out of range", name)}));
    return {};
  }

  template <class T>
  Result<T> finish(T credential) {
    if (error_) return std::move(*error_);
    return credential;
  }

 private:
  SecretValue read(std::string_view name, bool must) {
    auto value = secret_.field(name);
    if (value) return std::move(*value);
    if (must || value.error().code() != ErrorCode::NotFound) fail(std::move(value).error());
    return {};
  }
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  const Secret& secret_;
  std::optional<Error> error_;
};

std::string seconds_since_epoch(const std::optional<Clock::Wall>& time) {
  if (!time) return {};
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count());
}

template <class... Kinds>
Result<Credential> read_named(const Secret& secret, std::variant<Kinds...>*) {
  Result<Credential> result = Credential(CustomCredential());
  const auto read = [&]<class Kind>(std::type_identity<Kind>) {
    if (Kind::type != secret.metadata().type) return false;
    auto credential = Kind::from(secret);
    result =
        credential ? Result<Credential>(Credential(std::move(*credential))) : Result<Credential>(credential.error());
    return true;
  };
  const bool named = (read(std::type_identity<Kinds>()) || ...);
  if (named) return result;
  auto custom = CustomCredential::from(secret);
  if (!custom) return std::move(custom).error();
  return Credential(std::move(*custom));
}

}  // namespace

Result<SecretData> ApiKey::to_data() const {
  return FieldWriter()
      .required("api_key", key.expose())
      .optional("organization", organization)
      .optional("endpoint", endpoint)
      .data(type);
}

Result<ApiKey> ApiKey::from(const Secret& secret) {
  FieldReader read(secret);
  return read.finish(ApiKey{.key = read.required("api_key"),
                            .organization = read.optional_text("organization"),
                            .endpoint = read.optional_text("endpoint")});
}

Result<SecretData> OAuthToken::to_data() const {
  return FieldWriter()
      .required("access_token", access_token.expose())
      .optional("refresh_token", refresh_token.expose())
      .optional("token_type", token_type)
      .optional("scope", scope)
      .optional("expires_at", seconds_since_epoch(expires_at))
      .data(type);
}

Result<OAuthToken> OAuthToken::from(const Secret& secret) {
  FieldReader read(secret);
  OAuthToken token{.access_token = read.required("access_token"),
                   .refresh_token = read.optional("refresh_token"),
                   .token_type = read.optional_text("token_type"),
                   .scope = read.optional_text("scope")};
  if (const auto seconds = read.optional_number<std::int64_t>("expires_at", last_second)) {
    token.expires_at = Clock::Wall(std::chrono::seconds(*seconds));
  }
  return read.finish(std::move(token));
}

Result<SecretData> BasicAuth::to_data() const {
  return FieldWriter().required("username", username).required("password", password.expose()).data(type);
}

Result<BasicAuth> BasicAuth::from(const Secret& secret) {
  FieldReader read(secret);
  return read.finish(BasicAuth{.username = read.required_text("username"), .password = read.required("password")});
}

Result<SecretData> DatabaseConnection::to_data() const {
  return FieldWriter()
      .optional("engine", engine)
      .required("host", host)
      .optional("port", port ? std::to_string(*port) : std::string())
      .optional("dbname", dbname)
      .required("username", username)
      .required("password", password.expose())
      .data(type);
}

Result<DatabaseConnection> DatabaseConnection::from(const Secret& secret) {
  FieldReader read(secret);
  return read.finish(DatabaseConnection{.engine = read.optional_text("engine"),
                                        .host = read.required_text("host"),
                                        .port = read.optional_number<std::uint16_t>("port"),
                                        .dbname = read.optional_text("dbname"),
                                        .username = read.required_text("username"),
                                        .password = read.required("password")});
}

Result<SecretData> SshKey::to_data() const {
  return FieldWriter()
      .required("private_key", private_key.expose())
      .optional("public_key", public_key)
      .optional("passphrase", passphrase.expose())
      .optional("username", username)
      .data(type);
}

Result<SshKey> SshKey::from(const Secret& secret) {
  FieldReader read(secret);
  return read.finish(SshKey{.private_key = read.required("private_key"),
                            .public_key = read.optional_text("public_key"),
                            .passphrase = read.optional("passphrase"),
                            .username = read.optional_text("username")});
}

Result<SecretData> CustomCredential::to_data() const {
  return SecretData::fields(fields);
}

Result<CustomCredential> CustomCredential::from(const Secret& secret) {
  auto names = secret.field_names();
  if (!names) return std::move(names).error();
  FieldReader read(secret);
  CustomCredential credential;
  for (std::string& name : *names) {
    SecretValue value = read.required(name);
    credential.fields.push_back({.name = std::move(name), .value = std::move(value)});
  }
  return read.finish(std::move(credential));
}

Result<Credential> credential_from(const Secret& secret) {
  return read_named(secret, static_cast<Credential*>(nullptr));
}

}  // namespace locket::inline v1
