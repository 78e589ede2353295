#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <poll.h>

#include <locket/result.hpp>
#include <locket/secret_value.hpp>

#include "child.hpp"
#include "keyboard.hpp"
#include "masked_stream.hpp"
#include "pseudo_terminal.hpp"

namespace locket::cli {

/// What stands between a program and this process's standard files, so that secrets are masked on the way:
///
/// - Input and output are a terminal, and this is the job in front of it: the program gets a pseudo-terminal as its
///   terminal, and everything that is typed goes there, so that job control and what programs ask of a terminal work.
/// - Otherwise the program stays in this process's group, and reads its input itself. Where output or error is a
///   terminal it writes to a pseudo-terminal (colours and progress bars stay), else into a pipe. Output and error keep
///   apart, unless they are the same file: then they keep their order.
class Relay {
 public:
  static Result<std::unique_ptr<Relay>> open(std::span<const SecretValue> secrets);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay() = default;

  /// How a program is started at the other side.
  Launch launch(const std::vector<std::string>& words, const EnvironmentBlock& environment) const;
  /// The program runs, and has its ends.
  void begin();

  /// Nobody but the program has its input from now on: who writes to it learns when it reads no more.
  void let_go_of_input() const noexcept;

  /// What is to be waited for.
  void add_to(std::vector<pollfd>& waited) const;
  /// Passes on what came; `room` is where it is read to.
  void pass(std::span<const pollfd> ready, std::span<char> room);
  /// The program has ended: passes on what it left, however slow the reader is.
  void pass_rest(std::span<char> room);
  /// How long to wait for more at most, in milliseconds: -1 without a limit.
  int patience() const noexcept;
  /// Nothing came for so long.
  void lose_patience();

  /// Everything that the program wrote has been passed on, and nobody can write any more.
  bool is_over() const noexcept;
  /// What was held back comes out, and nothing is read any more.
  void end();
  /// These are masked from now on.
  void mask(std::span<const SecretValue> secrets);
  /// errno of what could not be written; 0 when all was.
  int failure() const noexcept;

  /// Whether the program has a terminal, and a session, of its own.
  bool is_session() const noexcept { return keyboard_.has_value(); }
  /// The real terminal has another size.
  void resize() const noexcept;
  /// The terminal is the shell's for a while, to be stopped or to be told something.
  void give_back_terminal() noexcept { screen_.leave(); }
  void take_terminal() noexcept;

 private:
  Relay();
  Result<void> open_screen(std::span<const SecretValue> secrets, bool whole);
  Result<void> open_pipe(int standard, std::span<const SecretValue> secrets);
  Result<void> open_error(std::span<const SecretValue> secrets, bool output_is_pipe);
  void hang_up();
  void pass_keys(std::span<const pollfd> ready);

  RawTerminal screen_;
  /// What the program has as standard input, output and error.
  std::array<int, 3> ends_ = {-1, -1, -1};
  std::optional<PseudoTerminal> terminal_ = {};
  std::vector<Descriptor> pipe_ends_ = {};
  std::vector<std::unique_ptr<MaskedStream>> streams_ = {};
  std::optional<Keyboard> keyboard_ = {};
  /// Something was typed, and its echo may be held back.
  bool typed_ = false;
};

}  // namespace locket::cli
