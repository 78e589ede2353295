#include <utility>

#include <fmt/format.h>

#include "request.hpp"

namespace locket::inline v1::vault {
namespace {

class CertificateMethod final : public Method {
 public:
  explicit CertificateMethod(Certificate login) : login_(std::move(login)) {}

  // The connection has shown the certificate already.
  Result<Granted> login(Server& server, const Call& call) override {
    auto body = json_object({{.name = "name", .text = login_.role}});
    if (!body) return std::move(body).error();
    return log_in(server,
                  {.path = fmt::format("auth/{}/login", login_.mount),
                   .method = "cert",
                   .credentials = "the client certificate and the role",
                   .body = body->view()},
                  call);
  }

 private:
  const Certificate login_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const Certificate& login) {
  if (auto good = check_auth_mount(login.mount); !good) return std::move(good).error();
  return std::make_unique<CertificateMethod>(login);
}

}  // namespace locket::inline v1::vault
