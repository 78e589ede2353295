#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <locket/export.hpp>
#include <locket/result.hpp>

namespace locket::inline v1 {

/// Unpredictable bytes for keys, nonces and generated passwords. An interface, so that tests can make it fail.
/// Thread safety: may be called from any thread at once.
class LOCKET_EXPORT RandomSource {
 public:
  virtual ~RandomSource();
  /// Fills `out` whole or returns Internal (reason "random.failed"); a partial fill is never reported as success.
  virtual Result<void> fill(std::span<std::byte> out) = 0;

 protected:
  RandomSource() = default;
  RandomSource(const RandomSource&) = default;
  RandomSource& operator=(const RandomSource&) = default;
};

/// The kernel's generator (`getrandom(2)`), which a fork cannot make repeat itself. Never null; the same object each
/// time.
LOCKET_EXPORT const std::shared_ptr<RandomSource>& system_random();

}  // namespace locket::inline v1
