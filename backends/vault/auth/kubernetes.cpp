#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "../failure.hpp"
#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

class KubernetesMethod final : public Method {
 public:
  explicit KubernetesMethod(Kubernetes login) : login_(std::move(login)) {}

  Result<Granted> login(Server& server, const Call& call) override {
    auto jwt = read(login_.jwt, "the service account's token");
    if (!jwt) return std::move(jwt).error();
    auto body = json_object({{.name = "role", .text = login_.role}, {.name = "jwt", .text = jwt->expose()}});
    if (!body) return std::move(body).error();
    return log_in(server,
                  {.path = fmt::format("auth/{}/login", login_.mount),
                   .method = "Kubernetes",
                   .credentials = "the role and the service account's token",
                   .body = body->view()},
                  call);
  }

 private:
  const Kubernetes login_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const Kubernetes& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  if (login.role.empty()) {
    return invalid_option("no role is named for the login at Kubernetes",
                          "add role=NAME, of the role that is bound to the service account");
  }
  if (auto good = check(login.jwt, "the service account's token"); !good) return std::move(good).error();
  return std::make_unique<KubernetesMethod>(login);
}

}  // namespace locket::inline v1::vault
