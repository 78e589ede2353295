#pragma once

#include <cerrno>
#include <string>
#include <utility>
#include <variant>

#include "core/descriptor.hpp"

namespace locket::inline v1::dir {

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

/// The descriptor that `call` opens, or its errno.
template <class SystemCall>
Outcome<Descriptor> opened_by(SystemCall call) {
  const int fd = uninterrupted(call);
  if (fd < 0) return Failed{errno};
  return Descriptor(fd);
}

}  // namespace locket::inline v1::dir
