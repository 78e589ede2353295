#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "../failure.hpp"
#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

Error used_wrapping_token(int status) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.wrapped_token",
                .message = "Vault refuses to unwrap the secret id: its wrapping token was used before, or has expired",
                .hint = "deliver a new one; unless this program was only started twice, somebody else read the secret "
                        "id, so destroy it",
                .http_status = status});
}

/// A secret id that comes in a wrapping token, which is good for one look.
class Wrapped {
 public:
  /// The secret id, unwrapped when the wrapping token is another one than the last time. It may be gone afterwards: who
  /// delivers it often takes it away.
  Result<std::string_view> open(const Credential& source, Server& server, const Call& call) {
    auto token = read(source, "the wrapped secret id");
    if (!token) return inside_.empty() ? Result<std::string_view>(std::move(token).error()) : inside_.expose();
    if (!inside_.empty() && *token == opened_) return inside_.expose();
    if (auto unwrapped = unwrap(server, *token, call); !unwrapped) return std::move(unwrapped).error();
    opened_ = std::move(*token);
    return inside_.expose();
  }

 private:
  // As any POST it is sent once: a second time would be refused, as if a thief had been first.
  Result<void> unwrap(Server& server, const SecretValue& token, const Call& call) {
    const Ask ask{.method = http::Method::Post, .path = "sys/wrapping/unwrap"};
    auto answer = server.send(ask, token.expose(), call);
    if (!answer) return std::move(answer).error();
    if (!answer->ok()) return used_wrapping_token(answer->status);
    const auto id = answer->root()["data"]["secret_id"];
    if (!id.is(http::Json::Kind::String) || id.text().empty()) {
      return malformed(ask, answer->status, "what was wrapped is no secret id");
    }
    inside_ = SecretValue(id.text());
    return {};
  }

  SecretValue opened_;  // the wrapping token
  SecretValue inside_;
};

class AppRoleMethod final : public Method {
 public:
  explicit AppRoleMethod(AppRole login) : login_(std::move(login)) {}

  Result<Granted> login(Server& server, const Call& call) override {
    auto role = read(login_.role_id, "the role id");
    if (!role) return std::move(role).error();
    if (!login_.secret_id) return with(*role, {}, server, call);
    if (login_.wrapped_secret_id) {
      auto inside = wrapped_.open(*login_.secret_id, server, call);
      if (!inside) return std::move(inside).error();
      return with(*role, *inside, server, call);
    }
    auto secret = read(*login_.secret_id, "the secret id");
    if (!secret) return std::move(secret).error();
    return with(*role, secret->expose(), server, call);
  }

 private:
  Result<Granted> with(const SecretValue& role, std::string_view secret, Server& server, const Call& call) const {
    auto body = json_object({{.name = "role_id", .text = role.expose()}, {.name = "secret_id", .text = secret}});
    if (!body) return std::move(body).error();
    return log_in(server,
                  {.path = fmt::format("auth/{}/login", login_.mount),
                   .method = "AppRole",
                   .credentials = "the role id and the secret id",
                   .body = body->view(),
                   .repeatable = false},  // a secret id may be good for so many logins
                  call);
  }

  const AppRole login_;
  Wrapped wrapped_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const AppRole& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  if (auto good = check(login.role_id, "the role id"); !good) return std::move(good).error();
  if (login.secret_id) {
    if (auto good = check(*login.secret_id, "the secret id"); !good) return std::move(good).error();
  } else if (login.wrapped_secret_id) {
    return invalid_option("the secret id is said to be wrapped, but there is none");
  }
  return std::make_unique<AppRoleMethod>(login);
}

}  // namespace locket::inline v1::vault
