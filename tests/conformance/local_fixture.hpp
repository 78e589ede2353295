#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <locket/backends/local.hpp>
#include <locket/decorators/forwarding_store.hpp>
#include <locket/testing/conformance.hpp>

namespace conformance {

/// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "locket-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Local stores, each in a folder of its own.
class LocalFixture : public locket::testing::Fixture {
 public:
  using MakeKey = std::function<locket::local::KeySource(const TemporaryFolder&)>;
  explicit LocalFixture(MakeKey key) : key_(std::move(key)) {}

  locket::Result<std::shared_ptr<locket::SecretStore>> open(std::span<const locket::testing::Seed> seeds) override {
    folder_ = std::make_unique<TemporaryFolder>();
    auto created = locket::local::create(options());
    if (!created) return created;
    if (auto put = locket::testing::put_all(**created, seeds); !put) return std::move(put).error();
    return around(std::move(*created));
  }
  locket::Result<std::shared_ptr<locket::SecretStore>> open_again() override { return locket::local::open(options()); }
  locket::testing::ManualClock* clock() override { return clock_.get(); }

 protected:
  virtual locket::Result<std::shared_ptr<locket::SecretStore>> around(std::shared_ptr<locket::SecretStore> store) {
    return store;
  }
  locket::local::Options options() const {
    locket::local::Options options;
    options.settings.clock = clock_;
    options.path = folder_->file("store.db");
    options.key = key_(*folder_);
    return options;
  }

 private:
  std::shared_ptr<locket::testing::ManualClock> clock_ = std::make_shared<locket::testing::ManualClock>();
  std::unique_ptr<TemporaryFolder> folder_;
  MakeKey key_;
};

}  // namespace conformance
