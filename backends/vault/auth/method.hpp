#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <locket/backends/vault.hpp>
#include <locket/call.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

#include "../server.hpp"

/// The ways to come to a token.
namespace locket::inline v1::vault {

/// What a login gave.
struct Granted {
  SecretValue token = {};
  /// None: it does not end, or nobody knows.
  std::optional<std::chrono::seconds> lifetime = {};
  bool renewable = false;
  /// How many requests it is good for; 0: any number.
  std::uint64_t uses = 0;
};

/// A way to log in. Called by one thread at a time.
class Method {
 public:
  virtual ~Method() = default;
  Method() = default;
  Method(const Method&) = delete;
  Method& operator=(const Method&) = delete;

  /// Logs in with what its credentials are now. Unauthenticated: vault.no_login, vault.credential, vault.login_refused,
  /// vault.wrapped_token; what Vault or the transport answer else (Network, Unavailable, …) is no failed login.
  virtual Result<Granted> login(Server& server, const Call& call) = 0;
  /// Whether its token was only given: nobody knows how long it lives, and logging in asks nobody for another one.
  virtual bool is_given() const noexcept { return false; }
  /// What errors call its token: "the token in VAULT_TOKEN".
  virtual std::string token_told() const { return "the token"; }
  /// Whether what a token was given in is another file than at the last login.
  virtual bool has_changed() const { return false; }
};

/// InvalidArgument (reason "vault.option") when something is missing in them.
Result<std::unique_ptr<Method>> method_for(const GivenToken& login);
Result<std::unique_ptr<Method>> method_for(const AppRole& login);
Result<std::unique_ptr<Method>> method_for(const Kubernetes& login);
Result<std::unique_ptr<Method>> method_for(const Jwt& login);
Result<std::unique_ptr<Method>> method_for(const UserPass& login);
Result<std::unique_ptr<Method>> method_for(const Ldap& login);
Result<std::unique_ptr<Method>> method_for(const Certificate& login);
Result<std::unique_ptr<Method>> method_for(const std::shared_ptr<TokenSource>& login);
/// Nothing to log in with: every login answers vault.no_login.
Result<std::unique_ptr<Method>> method_for(std::monostate login);

}  // namespace locket::inline v1::vault
