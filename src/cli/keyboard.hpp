#pragma once

#include <locket/secret_buffer.hpp>

namespace locket::cli {

/// What is typed at a terminal, on its way to a pseudo-terminal. A program that reads slowly makes it wait, and nothing
/// else.
class Keyboard {
 public:
  /// `to` does not wait.
  Keyboard(int from, int to) noexcept : from_(from), to_(to) {}

  /// Whether there is room for more.
  bool wants_keys() const noexcept { return open_ && typed_.empty(); }
  /// Whether something is to be written.
  bool wants_room() const noexcept { return !typed_.empty(); }
  /// The terminal is no more.
  bool is_gone() const noexcept { return !open_; }
  /// What was typed; once `from` is readable.
  void read();
  /// As much of it as there is room for.
  void write();

 private:
  int from_;
  int to_;
  bool open_ = true;
  SecretBuffer typed_ = {};
};

}  // namespace locket::cli
