#pragma once

#include <termios.h>

#include <locket/result.hpp>

#include "descriptor.hpp"

namespace locket::cli {

/// A terminal that this process plays for a program: what the program writes to `program_end` can be read at `own_end`,
/// and the other way round.
class PseudoTerminal {
 public:
  /// With the settings and the size of the terminal at `like`. `output_only`: for a program that has its keyboard
  /// elsewhere; what it writes comes out as it is, and is for the real terminal to process. Unavailable: there is none
  /// left.
  static Result<PseudoTerminal> open(int like, bool output_only);

  int own_end() const noexcept { return own_end_.get(); }
  int program_end() const noexcept { return program_end_.get(); }
  /// When the program has its own: only then does reading end with the program.
  void close_program_end() noexcept { program_end_.close(); }
  /// Takes over the size of the terminal at `like`. Programs in its session get SIGWINCH.
  void resize(int like) const noexcept;

 private:
  PseudoTerminal(Descriptor own_end, Descriptor program_end) noexcept
      : own_end_(std::move(own_end)), program_end_(std::move(program_end)) {}

  Descriptor own_end_;
  Descriptor program_end_;
};

/// The real terminal while a pseudo-terminal stands before it: every key, Ctrl-C too, goes through unchanged. Put back
/// when it goes.
class RawTerminal {
 public:
  explicit RawTerminal(int fd) noexcept;
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  ~RawTerminal() { leave(); }

  /// Also when it may have been changed meanwhile. Nothing while another job has the terminal.
  void enter() noexcept;
  void leave() noexcept;
  bool is_raw() const noexcept { return raw_; }

 private:
  int fd_;
  termios settings_ = {};
  bool known_;
  bool raw_ = false;
};

/// Whether this process is in the terminal's foreground job: may read from it and change it.
bool in_foreground(int terminal) noexcept;

}  // namespace locket::cli
