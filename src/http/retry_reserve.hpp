#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>

namespace locket::inline v1::http {

/// A token bucket for repetitions: each takes a token, and ten answers at the first attempt bring one back. When a
/// service is down, it soon gets no more requests than without repetitions. Thread-safe.
class RetryReserve {
 public:
  /// 0: no limit.
  explicit RetryReserve(std::uint32_t size) noexcept : size_(std::uint64_t{size} * tenths), left_(size_) {}

  bool take() noexcept {
    if (size_ == 0) return true;
    const std::lock_guard lock(mutex_);
    if (left_ < tenths) return false;
    left_ -= tenths;
    return true;
  }
  void answered() noexcept {
    if (size_ == 0) return;
    const std::lock_guard lock(mutex_);
    left_ = std::min(left_ + 1, size_);
  }

 private:
  static constexpr std::uint64_t tenths = 10;

  const std::uint64_t size_;
  std::mutex mutex_;
  std::uint64_t left_;
};

}  // namespace locket::inline v1::http
