#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

class JwtMethod final : public Method {
 public:
  explicit JwtMethod(Jwt login) : login_(std::move(login)) {}

  Result<Granted> login(Server& server, const Call& call) override {
    auto jwt = read(login_.jwt, "the JWT");
    if (!jwt) return std::move(jwt).error();
    auto body = json_object({{.name = "role", .text = login_.role}, {.name = "jwt", .text = jwt->expose()}});
    if (!body) return std::move(body).error();
    return log_in(server,
                  {.path = fmt::format("auth/{}/login", login_.mount),
                   .method = "Jwt",
                   .credentials = "the role and the JWT",
                   .body = body->view()},
                  call);
  }

 private:
  const Jwt login_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const Jwt& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  if (auto good = check(login.jwt, "the JWT"); !good) return std::move(good).error();
  return std::make_unique<JwtMethod>(login);
}

}  // namespace locket::inline v1::vault
