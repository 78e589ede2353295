#pragma once

#include <string>

#include <sys/types.h>

#include <locket/transport.hpp>

#include "conformance/vault_fixture.hpp"

namespace locket_test {

/// An OpenBao that keeps its data in files, so that it can be killed and started again. Of the shared one it has the
/// program and the certificate.
class DurableOpenBao {
 public:
  DurableOpenBao();
  ~DurableOpenBao();
  DurableOpenBao(const DurableOpenBao&) = delete;
  DurableOpenBao& operator=(const DurableOpenBao&) = delete;

  /// Starts it, waits until it answers, and unseals it.
  void start();
  /// With SIGKILL: nothing is written any more.
  void kill();

  const std::string& address() const { return address_; }
  const std::string& token() const { return token_; }
  /// As `path` below /v1/ answers; throws when it is no success.
  locket::http::Json ask(locket::http::Method method, const std::string& path, const std::string& body = {});

 private:
  void initialize();
  /// Its status, 0 while there is no answer.
  locket::http::Response try_to(locket::http::Method method, const std::string& path, const std::string& body);
  void wait_for(const std::string& path, int status);
  std::string log() const;

  std::shared_ptr<locket::http::Transport> transport_;
  std::string folder_;
  std::string address_;
  std::string key_;
  std::string token_;
  pid_t server_ = 0;
};

}  // namespace locket_test
