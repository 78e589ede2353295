#pragma once

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <locket/backends/vault.hpp>
#include <locket/testing/manual_clock.hpp>
#include <locket/testing/recording_observer.hpp>

#include "client.hpp"
#include "fake_vault.hpp"

namespace locket::inline v1::vault {

/// A client whose Vault, clock and observer a test holds in its hand.
class AuthFixture {
 public:
  AuthFixture() = default;

  Options options(Login login) {
    Options options{.settings = {.clock = clock, .observer = observer}, .address = "https://vault.example:8200"};
    options.name_space = "";
    options.login = std::move(login);
    options.transport = vault;
    return options;
  }
  /// Logs in by AppRole.
  Options by_app_role() { return options(AppRole{.role_id = given("role"), .secret_id = given("secret-id-canary")}); }
  std::shared_ptr<Client> client(Options with) {
    auto made = Client::make(std::move(with), "vault (test)");
    REQUIRE(made.ok());
    return *made;
  }
  static Credential given(std::string_view text) { return {.value = std::make_shared<const SecretValue>(text)}; }
  static Result<Answer> read(Client& client, std::string path = "secret/data/db", const Call& call = {}) {
    return client.send({.path = std::move(path)}, call);
  }
  static Login token(std::string_view text) { return GivenToken{.token = given(text)}; }

  std::shared_ptr<testing::ManualClock> clock = std::make_shared<testing::ManualClock>();
  std::shared_ptr<testing::RecordingObserver> observer = std::make_shared<testing::RecordingObserver>();
  std::shared_ptr<FakeVault> vault = std::make_shared<FakeVault>(clock);
};

/// A file with a credential, gone when the test is.
class CredentialFile {
 public:
  explicit CredentialFile(std::string_view contents) {
    const int fd = ::mkstemp(path_.data());
    REQUIRE(fd >= 0);
    ::close(fd);
    write(contents);
  }
  CredentialFile(const CredentialFile&) = delete;
  CredentialFile& operator=(const CredentialFile&) = delete;
  ~CredentialFile() { ::unlink(path_.c_str()); }

  /// Puts a new file in the place of the old one, as Vault Agent does.
  void write(std::string_view contents) const {
    const std::string next = path_ + ".next";
    std::ofstream(next, std::ios::binary) << contents;
    REQUIRE(::rename(next.c_str(), path_.c_str()) == 0);
  }
  void remove() const { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/locket-vault-XXXXXX";
};

}  // namespace locket::inline v1::vault
