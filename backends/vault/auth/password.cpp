#include <string>
#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "../failure.hpp"
#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

/// A user's name and password, which Vault keeps itself (userpass) or asks a directory about (LDAP).
class PasswordMethod final : public Method {
 public:
  PasswordMethod(std::string_view name, std::string path, Credential password)
      : name_(name), path_(std::move(path)), password_(std::move(password)) {}

  Result<Granted> login(Server& server, const Call& call) override {
    auto password = read(password_, "the password");
    if (!password) return std::move(password).error();
    auto body = json_object({{.name = "password", .text = password->expose()}});
    if (!body) return std::move(body).error();
    return log_in(server,
                  {.path = path_, .method = name_, .credentials = "the user and the password", .body = body->view()},
                  call);
  }

 private:
  const std::string_view name_;
  const std::string path_;
  const Credential password_;
};

template <class Login>
Result<std::unique_ptr<Method>> by_password(std::string_view name, const Login& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  if (login.user.empty()) return invalid_option("no user is named for the login by password", "add user=NAME");
  if (auto good = check_segment(login.user, "the user"); !good) return std::move(good).error();
  if (auto good = check(login.password, "the password"); !good) return std::move(good).error();
  return std::make_unique<PasswordMethod>(name, fmt::format("auth/{}/login/{}", login.mount, login.user),
                                          login.password);
}

}  // namespace

Result<std::unique_ptr<Method>> method_for(const UserPass& login) {
  return by_password("userpass", login);
}

Result<std::unique_ptr<Method>> method_for(const Ldap& login) {
  return by_password("LDAP", login);
}

}  // namespace locket::inline v1::vault
