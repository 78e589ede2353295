#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <locket/backends/vault.hpp>
#include <locket/call.hpp>
#include <locket/result.hpp>

#include "ask.hpp"

namespace locket::inline v1::vault {

class Server;
class Tokens;
struct Lease;

/// Asks Vault with a token that is good, whatever must be done for that.
///
/// **What is left to the caller** is what only it can understand: 2xx, 400, 404, 405 and 412 come back as Answers. A
/// 404 of a Get or List always has a JSON body: an empty one, or a page of HTML, comes from something in front of Vault
/// and says nothing about a secret.
///
/// **Errors**, each with its status, the effect of a write, and nothing of the answer's body:
///   vault.no_login, vault.credential, vault.login_refused, vault.token_rejected, vault.wrapped_token (Unauthenticated)
///   vault.refused (PermissionDenied)     the token is good and may not do that; the hint names path and capability
///   vault.throttled (Throttled)          429, with `retry_after`
///   vault.sealed, vault.standby, vault.not_initialized, vault.behind, vault.unavailable (Unavailable)   5xx, 412, 472,
///                                        473, redirects to the active node
///   vault.too_large (LimitExceeded)      413
///   vault.response (MalformedResponse)   no JSON where Vault answers JSON, another status than Vault has
/// and the transport's (transport.hpp), as they are.
///
/// A 403 makes it look whether the token still lives (auth/token/lookup-self); when it does not, it logs in again and
/// asks again. A token that is good for so many requests is never given more, and a batch takes as many of them as it
/// needs. An error of a login or of that look did nothing of what was asked for: Effect::None.
///
/// **Threads.** All methods may be called from any thread at once. While one of them renews the token, the others go on
/// with the old one; when there is none, they wait for it, no longer than their deadline and stop token say. Nothing of
/// it runs in a forked child: SecretStore and Transport see to that.
class Client {
 public:
  /// Checks address, namespace and login, fills in what the environment says, and makes the transport. Sends nothing.
  /// `store` is what its `describe()` says, for the observer. InvalidArgument (reason "vault.option", or the
  /// transport's).
  static Result<std::shared_ptr<Client>> make(Options options, std::string store);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Result<Answer> send(const Ask& ask, const Call& call);
  /// As many answers as asks, in their order, several at once; the token is fetched once.
  std::vector<Result<Answer>> send_many(std::span<const Ask> asks, const Call& call);

  /// Does what is due about the token, and logs in when there is none; see KeepAlive.
  Result<void> tend(const Call& call);

  /// For what needs another token than the client's, or none.
  Server& server() const noexcept { return *server_; }

 private:
  struct Sent;
  enum class Verdict : std::uint8_t;

  Client(std::unique_ptr<Server> server, std::unique_ptr<Tokens> tokens);

  Sent send_once(std::span<const Ask> asks, const Call& call);
  void settle_refusals(std::span<const Ask> asks, Sent& sent, const Call& call);
  void ask_again(std::span<const Ask> asks, Sent& sent, std::span<const std::size_t> places, const Call& call);
  /// Of a refusal; `in_vain`: another token did not help.
  Result<Verdict> judge(const Lease& used, bool in_vain, const Call& call);

  std::unique_ptr<Server> server_;
  std::unique_ptr<Tokens> tokens_;
};

}  // namespace locket::inline v1::vault
