#pragma once

#include <atomic>
#include <string>

#include <locket/call.hpp>
#include <locket/result.hpp>

#include "client.hpp"

namespace locket::inline v1::vault {

/// Whether a KV engine of version 2 is where the options say. Reads go ahead and ask only when nothing was there, so
/// that a use-limited token is not spent on questions; writes ask first, because a mount of version 1 would take them,
/// and keep the wrapping as the value.
class Mount {
 public:
  /// `known`: the caller vouches for it.
  Mount(std::shared_ptr<Client> client, std::string path, bool known)
      : client_(std::move(client)), path_(std::move(path)), vouched_(known), good_(known) {}

  /// Whether it was never asked, because the caller knew.
  bool vouched() const noexcept { return vouched_; }

  /// Asks once; what was good stays good. A token that may not ask is no reason to fail: the mount then counts as good.
  ///   vault.no_mount (InvalidArgument)   nothing is mounted there, or no KV engine
  ///   vault.kv1 (NotSupported)
  Result<void> check(const Call& call);
  /// The error of a 404 that speaks of the mount or namespace and not of a secret; else as `check`, but that a token
  /// whose last use that 404 was is no reason to fail either.
  ///   vault.no_namespace (InvalidArgument)
  Result<void> explain(const Answer& answer, const Call& call);

 private:
  Result<void> judge(http::Json::Value data) const;

  const std::shared_ptr<Client> client_;
  const std::string path_;
  const bool vouched_;
  std::atomic<bool> good_;
};

}  // namespace locket::inline v1::vault
