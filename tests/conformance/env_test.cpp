#include <locket/backends/env.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "clause_cases.hpp"

namespace {

using conformance::ClauseCases;
using locket::Result;
using locket::SecretStore;
using locket::testing::Fixture;
using locket::testing::Quirks;
using locket::testing::Seed;

// The names are declared, as they must be for a store to list them as they are.
class EnvFixture : public Fixture {
 public:
  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed> seeds) override {
    clear();
    locket::env::Options options{.prefix = "LOCKET_CONFORMANCE_"};
    for (const Seed& seed : seeds) {
      options.names.push_back(seed.name);
      set(variable(options.prefix + seed.name), seed.data.encoded().expose());
    }
    options.file = file();
    return locket::env::open(std::move(options));
  }
  Quirks quirks() const override { return {.names_fold = true, .bytes_only = true, .no_nul = true}; }

 protected:
  virtual void clear() = 0;
  virtual void set(const std::string& variable, std::string_view value) = 0;
  virtual std::string file() const = 0;

 private:
  static std::string variable(std::string name) {
    for (char& c : name) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) c = '_';
    }
    return name;
  }
};

class EnvironmentFixture final : public EnvFixture {
 public:
  ~EnvironmentFixture() override { EnvironmentFixture::clear(); }

 protected:
  void clear() override {
    for (const std::string& variable : variables_) ::unsetenv(variable.c_str());
    variables_.clear();
  }
  void set(const std::string& variable, std::string_view value) override {
    variables_.push_back(variable);
    ::setenv(variable.c_str(), std::string(value).c_str(), 1);
  }
  std::string file() const override { return {}; }

 private:
  std::vector<std::string> variables_;
};

class DotenvFixture final : public EnvFixture {
 public:
  DotenvFixture() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent != nullptr ? parent : "/tmp") + "/env-conformance-XXXXXX";
    const int file = ::mkstemp(path_.data());
    if (file >= 0) ::close(file);
  }
  ~DotenvFixture() override { ::unlink(path_.c_str()); }

 protected:
  void clear() override { std::ofstream(path_, std::ios::trunc); }
  void set(const std::string& variable, std::string_view value) override {
    std::ofstream file(path_, std::ios::app);
    file << variable << "=\"";
    for (char c : value) {
      if (c == '"' || c == '\\' || c == '$') file << '\\';
      if (c == '\r') {
        file << "\\r";
      } else {
        file << c;
      }
    }
    file << "\"\n";
  }
  std::string file() const override { return path_; }

 private:
  std::string path_;
};

const ClauseCases environment("env",
                              []() -> std::unique_ptr<Fixture> { return std::make_unique<EnvironmentFixture>(); });

const ClauseCases dotenv("env from a file",
                         []() -> std::unique_ptr<Fixture> { return std::make_unique<DotenvFixture>(); });

}  // namespace
