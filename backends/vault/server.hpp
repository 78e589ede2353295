#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/call.hpp>
#include <locket/result.hpp>
#include <locket/transport.hpp>

#include "ask.hpp"

namespace locket::inline v1::vault {

/// Vault at one address and in one namespace, asked with whatever token it is given. Thread safety: as Transport.
class Server {
 public:
  /// `origin` and `name_space` are checked. An empty namespace is the root's.
  Server(std::shared_ptr<http::Transport> transport, std::string origin, std::string name_space);

  /// As Client::send, but that a 403 of Vault's is an Answer, too. `token` may be empty: then none is sent.
  Result<Answer> send(const Ask& ask, std::string_view token, const Call& call);
  std::vector<Result<Answer>> send_many(std::span<const Ask> asks, std::string_view token, const Call& call);

  /// Empty: the root's.
  const std::string& name_space() const noexcept { return name_space_; }

 private:
  http::Request request(const Ask& ask, std::string_view token) const;

  const std::shared_ptr<http::Transport> transport_;
  const std::string origin_;
  const std::string name_space_;
};

}  // namespace locket::inline v1::vault
