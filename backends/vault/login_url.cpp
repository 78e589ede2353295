#include "login_url.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "core/printable.hpp"
#include "environment.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

/// The options of one method, taken from a URL.
class Taken {
 public:
  explicit Taken(const StoreUrl& url) : url_(url) {}

  std::string text(const char* option, std::string fallback = {}) const {
    return url_.text(option).value_or(std::move(fallback));
  }
  /// The file that `option` names, else what the environment's `variable` holds or names; none when there is neither.
  std::optional<Credential> credential(const char* option, const char* variable) const {
    if (auto file = url_.text(option)) return Credential{.file = std::move(*file)};
    return credential_from_environment(variable);
  }

 private:
  const StoreUrl& url_;
};

Error missing(std::string_view what, std::string_view option, std::string_view variable) {
  return invalid_option(fmt::format("the URL does not say where {} is", what),
                        fmt::format("add {}=/path, or set {} or {}_FILE", option, variable, variable));
}

Result<Login> token(const Taken& url) {
  const std::string file = url.text("token-file");
  return file.empty() ? Login() : Login(GivenToken{.token = {.file = file}});
}

Result<Login> approle(const Taken& url) {
  auto role_id = url.credential("role-id-file", "VAULT_ROLE_ID");
  if (!role_id) return missing("the role id", "role-id-file", "VAULT_ROLE_ID");
  AppRole login{.mount = url.text("auth-mount", "approle"), .role_id = std::move(*role_id)};
  const std::string wrapped = url.text("wrapped-secret-id-file");
  login.wrapped_secret_id = !wrapped.empty();
  if (login.wrapped_secret_id && !url.text("secret-id-file").empty()) {
    return invalid_option("the URL has a secret-id-file and a wrapped-secret-id-file", "leave one of them out");
  }
  login.secret_id =
      login.wrapped_secret_id ? Credential{.file = wrapped} : url.credential("secret-id-file", "VAULT_SECRET_ID");
  return Login(std::move(login));
}

Result<Login> kubernetes(const Taken& url) {
  Kubernetes login{.mount = url.text("auth-mount", "kubernetes"), .role = url.text("role")};
  login.jwt.file = url.text("jwt-file", login.jwt.file);
  return Login(std::move(login));
}

Result<Login> jwt(const Taken& url) {
  auto jwt = url.credential("jwt-file", "VAULT_JWT");
  if (!jwt) return missing("the JWT", "jwt-file", "VAULT_JWT");
  return Login(Jwt{.mount = url.text("auth-mount", "jwt"), .role = url.text("role"), .jwt = std::move(*jwt)});
}

template <class Method>
Result<Login> password(const Taken& url) {
  auto password = url.credential("password-file", "VAULT_PASSWORD");
  if (!password) return missing("the password", "password-file", "VAULT_PASSWORD");
  return Login(Method{
      .mount = url.text("auth-mount", Method().mount), .user = url.text("user"), .password = std::move(*password)});
}

Result<Login> certificate(const Taken& url) {
  return Login(Certificate{.mount = url.text("auth-mount", "cert"), .role = url.text("role")});
}

struct Way {
  Result<Login> (*read)(const Taken& url);
  std::vector<std::string_view> options;
};

const std::map<std::string, Way>& ways() {
  static const std::map<std::string, Way> table{
      {"token", {.read = token, .options = {"token-file"}}},
      {"approle",
       {.read = approle, .options = {"auth-mount", "role-id-file", "secret-id-file", "wrapped-secret-id-file"}}},
      {"kubernetes", {.read = kubernetes, .options = {"auth-mount", "role", "jwt-file"}}},
      {"jwt", {.read = jwt, .options = {"auth-mount", "role", "jwt-file"}}},
      {"userpass", {.read = password<UserPass>, .options = {"auth-mount", "user", "password-file"}}},
      {"ldap", {.read = password<Ldap>, .options = {"auth-mount", "user", "password-file"}}},
      {"cert", {.read = certificate, .options = {"auth-mount", "role"}}},
  };
  return table;
}

Error unknown_method(const std::string& method) {
  std::vector<std::string> known;
  for (const auto& [name, way] : ways()) known.push_back(name);
  return invalid_option(fmt::format("there is no auth={}", printable(method)), suggestion_hint(method, known));
}

}  // namespace

const std::vector<std::string>& login_options() {
  static const std::vector<std::string> options{
      "auth",     "auth-mount",    "role",      "user", "role-id-file", "secret-id-file", "wrapped-secret-id-file",
      "jwt-file", "password-file", "token-file"};
  return options;
}

Result<Login> login_of(const StoreUrl& url) {
  const std::string method = url.text("auth").value_or("token");
  const auto way = ways().find(method);
  if (way == ways().end()) return unknown_method(method);
  const auto& own = way->second.options;
  for (const std::string& option : login_options()) {
    if (option == "auth" || !url.text(option) || std::find(own.begin(), own.end(), option) != own.end()) continue;
    return invalid_option(fmt::format("auth={} has no option '{}'", method, option),
                          fmt::format("leave '{}' out, or say the auth= that it belongs to", option));
  }
  return way->second.read(Taken(url));
}

}  // namespace locket::inline v1::vault
