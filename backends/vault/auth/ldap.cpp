#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

class LdapMethod final : public Method {
 public:
  explicit LdapMethod(Ldap login) : login_(std::move(login)) {}

  Result<Granted> login(Server& server, const Call& call) override {
    auto password = read(login_.password, "the password");
    if (!password) return std::move(password).error();
    auto body = json_object({{.name = "password", .text = password->expose()}});
    if (!body) return std::move(body).error();
    return log_in(server,
                  {.path = fmt::format("auth/{}/login/{}", login_.mount, login_.user),
                   .method = "LDAP",
                   .credentials = "the user and the password",
                   .body = body->view()},
                  call);
  }

 private:
  const Ldap login_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const Ldap& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  if (auto good = check_segment(login.user, "the user"); !good) return std::move(good).error();
  if (auto good = check(login.password, "the password"); !good) return std::move(good).error();
  return std::make_unique<LdapMethod>(login);
}

}  // namespace locket::inline v1::vault
