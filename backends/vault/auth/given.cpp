#include <utility>

#include <fmt/format.h>

#include "../credential.hpp"
#include "core/printable.hpp"
#include "method.hpp"

namespace locket::inline v1::vault {
namespace {

Error no_login(std::string message) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.no_login",
                .message = std::move(message),
                .hint =
                    "set VAULT_TOKEN or VAULT_TOKEN_FILE, add token-file=/path, log in with `vault login`, or say how "
                    "this program logs in (auth=approle, …)"});
}

class GivenMethod final : public Method {
 public:
  explicit GivenMethod(GivenToken login) : login_(std::move(login)) {}

  Result<Granted> login(Server&, const Call&) override {
    // Marked first: a file that changes while it is read has then changed.
    read_ = mark_of(login_.token);
    auto token = read(login_.token, "the token");
    if (!token) return no_login(token.error().message());
    return Granted{.token = std::move(*token)};
  }
  bool is_given() const noexcept override { return true; }
  bool has_changed() const override { return mark_of(login_.token) != read_; }
  std::string token_told() const override {
    if (!login_.token.file.empty()) return fmt::format("the token in '{}'", printable(login_.token.file));
    if (!login_.token.variable.empty()) return fmt::format("the token in {}", printable(login_.token.variable));
    return Method::token_told();
  }

 private:
  const GivenToken login_;
  FileMark read_;
};

class NoMethod final : public Method {
 public:
  Result<Granted> login(Server&, const Call&) override { return no_login("nothing says how to log in to Vault"); }
  bool is_given() const noexcept override { return true; }
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const GivenToken& login) {
  if (auto good = check(login.token, "the token"); !good) return std::move(good).error();
  return std::make_unique<GivenMethod>(login);
}

Result<std::unique_ptr<Method>> method_for(std::monostate) {
  return std::make_unique<NoMethod>();
}

}  // namespace locket::inline v1::vault
