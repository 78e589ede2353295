#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <locket/call.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

#include "method.hpp"

/// What the methods that ask Vault for a token have in common.
namespace locket::inline v1::vault {

/// Whether `mount` can be the place of an auth method: "approle", "team/approle".
Result<void> check_auth_mount(std::string_view mount);
/// Whether `text` can be one segment of a path. `what` is "the user".
Result<void> check_segment(std::string_view text, std::string_view what);

struct Member {
  std::string_view name;
  std::string_view text;
};
/// A JSON object of texts, in memory that is wiped; members without text are left out. Unauthenticated (reason
/// "vault.credential"): a text is not UTF-8.
Result<SecretBuffer> json_object(std::initializer_list<Member> members);

struct LoginRequest {
  /// "auth/approle/login".
  std::string path = {};
  /// "AppRole", for messages.
  std::string_view method = {};
  /// What to look at when Vault refuses: "the role id and the secret id".
  std::string_view credentials = {};
  std::string_view body = {};
  /// Whether a login may be sent twice: not when it uses up what it logs in with.
  bool repeatable = true;
};
Result<Granted> log_in(Server& server, const LoginRequest& request, const Call& call);

}  // namespace locket::inline v1::vault
