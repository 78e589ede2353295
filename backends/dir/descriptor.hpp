#pragma once

#include <cerrno>
#include <string>
#include <utility>
#include <variant>

#include <unistd.h>

namespace locket::inline v1::dir {

/// An open file or folder; closed when it goes.
class Descriptor {
 public:
  Descriptor() noexcept = default;
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
  /// For a call that takes the descriptor over.
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// The errno of a system call, or one that stands for a finding of ours; failure.cpp says what each means to users.
struct Failed {
  explicit Failed(int number, std::string name = {}) : error(number), where(std::move(name)) {}

  int error;
  /// Below what was asked for, the name at which it happened; empty when it is just that.
  std::string where;
};

/// What was asked of the file system, or why there is none. Not a Result, since "not there" is an everyday answer below
/// the store, and only the store knows the name that an Error has to tell.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Failed failed) : state_(std::in_place_index<1>, std::move(failed)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  /// 0 when there is a value.
  int error() const noexcept { return state_.index() == 0 ? 0 : std::get_if<1>(&state_)->error; }
  /// To be passed on. Only when there is no value.
  const Failed& failed() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Failed> state_;
};

/// Makes a system call again as long as a signal interrupts it.
template <class SystemCall>
auto uninterrupted(SystemCall call) -> decltype(call()) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

/// The descriptor that `call` opens, or its errno.
template <class SystemCall>
Outcome<Descriptor> opened_by(SystemCall call) {
  const int fd = uninterrupted(call);
  if (fd < 0) return Failed{errno};
  return Descriptor(fd);
}

}  // namespace locket::inline v1::dir
