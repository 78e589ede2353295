#pragma once

#include <memory>
#include <utility>

#include <locket/backends/memory.hpp>
#include <locket/testing/conformance.hpp>

namespace conformance {

/// Memory stores on a clock of their own; derive to put something around them.
class MemoryFixture : public locket::testing::Fixture {
 public:
  explicit MemoryFixture(locket::memory::Options options = {}) : options_(std::move(options)) {
    options_.settings.clock = clock_;
  }

  locket::Result<std::shared_ptr<locket::SecretStore>> open(std::span<const locket::testing::Seed> seeds) override {
    auto opened = locket::memory::open(options_);
    if (!opened) return opened;
    if (auto put = locket::testing::put_all(**opened, seeds); !put) return std::move(put).error();
    return around(std::move(*opened));
  }
  locket::testing::ManualClock* clock() override { return clock_.get(); }

 protected:
  virtual std::shared_ptr<locket::SecretStore> around(std::shared_ptr<locket::SecretStore> store) { return store; }

 private:
  std::shared_ptr<locket::testing::ManualClock> clock_ = std::make_shared<locket::testing::ManualClock>();
  locket::memory::Options options_;
};

}  // namespace conformance
