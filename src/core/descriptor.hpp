#pragma once

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace locket::inline v1 {

/// An open file or folder; closed when it goes.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  /// What open(2) returned: nothing when that is negative.
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const noexcept { return fd_; }
  bool ok() const noexcept { return fd_ >= 0; }
  /// For a call that takes the descriptor over.
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Makes a system call again as long as a signal interrupts it.
template <class SystemCall>
auto uninterrupted(SystemCall call) -> decltype(call()) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

}  // namespace locket::inline v1
