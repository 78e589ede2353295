#pragma once

#include <cstddef>
#include <span>

#include <locket/random.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::crypto {

/// Fills `out` from OpenSSL's generator (RAND_bytes), which reseeds itself in a forked child. Internal (reason
/// "random.failed") when that fails, as it does when OpenSSL's secure heap is full; `out` is all zeros then and must
/// not be used. Thread-safe.
Result<void> random_bytes(std::span<std::byte> out);

/// The same as a source to inject.
class OpensslRandom final : public RandomSource {
 public:
  Result<void> fill(std::span<std::byte> out) override;
};

}  // namespace locket::inline v1::crypto
