#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "../failure.hpp"
#include "../wrapping.hpp"
#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

// Whether the answer to such a request is a secret id. A thief who opens the token can put into another one what was in
// it, but cannot have Vault write this path on that.
bool makes_secret_id(std::string_view path, std::string_view mount) {
  const std::string roles = fmt::format("auth/{}/role/", mount);
  if (!path.starts_with(roles)) return false;
  path.remove_prefix(roles.size());
  const std::size_t slash = path.find('/');
  if (slash == 0 || slash == std::string_view::npos) return false;
  return path.substr(slash) == "/secret-id" || path.substr(slash) == "/custom-secret-id";
}

/// A secret id that comes in a wrapping token, which is good for one look.
class WrappedSecretId {
 public:
  /// `mount` is where its role is.
  WrappedSecretId(Credential source, std::string mount) : source_(std::move(source)), mount_(std::move(mount)) {}

  /// The secret id, unwrapped when the wrapping token is another one than the last time. It may be gone afterwards: who
  /// delivers it often takes it away.
  Result<std::string_view> open(Server& server, const Call& call) {
    auto token = read(source_, "the wrapped secret id");
    if (!token) return inside_.empty() ? Result<std::string_view>(std::move(token).error()) : inside_.expose();
    if (!inside_.empty() && *token == opened_) return inside_.expose();
    if (auto unwrapped = unwrap(server, *token, call); !unwrapped) return std::move(unwrapped).error();
    opened_ = std::move(*token);
    return inside_.expose();
  }

 private:
  Result<void> unwrap(Server& server, const SecretValue& token, const Call& call) {
    const auto label = look_at(server, token, call);
    if (!label) return label.error();
    if (!makes_secret_id(label->path, mount_)) return other_content();
    const auto answer = open_wrapping(server, token, call);
    if (!answer) return answer.error();
    const auto id = answer->root()["data"]["secret_id"];
    if (!id.is(http::Json::Kind::String) || id.text().empty()) {
      return malformed({.method = http::Method::Post, .path = "sys/wrapping/unwrap"}, answer->status,
                       "what was wrapped is no secret id");
    }
    inside_ = SecretValue(id.text());
    return {};
  }

  const Credential source_;
  const std::string mount_;
  SecretValue opened_;  // the wrapping token
  SecretValue inside_;
};

class AppRoleMethod final : public Method {
 public:
  explicit AppRoleMethod(AppRole login) : login_(std::move(login)) {
    if (login_.wrapped_secret_id) wrapped_.emplace(*login_.secret_id, login_.mount);
  }

  Result<Granted> login(Server& server, const Call& call) override {
    auto role = read(login_.role_id, "the role id");
    if (!role) return std::move(role).error();
    if (!login_.secret_id) return with(*role, {}, server, call);
    if (wrapped_) {
      auto inside = wrapped_->open(server, call);
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
                   .credentials = login_.secret_id ? "the role id and the secret id"
                                                   : "the role id, and whether its role asks for a secret id, which is "
                                                     "not given",
                   .body = body->view(),
                   .repeatable = false},  // a secret id may be good for so many logins
                  call);
  }

  const AppRole login_;
  std::optional<WrappedSecretId> wrapped_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const AppRole& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  if (auto good = check(login.role_id, "the role id"); !good) return std::move(good).error();
  if (login.secret_id) {
    if (auto good = check(*login.secret_id, "the secret id"); !good) return std::move(good).error();
  } else if (login.wrapped_secret_id) {
    return invalid_option("the secret id is said to be wrapped, but there is none",
                          "add wrapped-secret-id-file=/path, with the wrapping token in it");
  }
  return std::make_unique<AppRoleMethod>(login);
}

}  // namespace locket::inline v1::vault
