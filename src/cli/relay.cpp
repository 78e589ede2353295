#include "relay.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.hpp"
#include "terminal.hpp"

namespace locket::cli {
namespace {

// Longer than a program needs to write the rest of what it began, too short for people to see.
constexpr int echo_patience = 50;
// How soon it is noticed that the shell's `fg` brought this job back, which it does not say.
constexpr int background_patience = 250;

bool are_same_file(int a, int b) noexcept {
  struct stat first{};
  struct stat second{};
  if (::fstat(a, &first) != 0 || ::fstat(b, &second) != 0) return false;
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

Result<Descriptor> duplicate(int fd) {
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return system_failure("cannot open a file anew", errno);
  return Descriptor(copy);
}

bool is_ready(std::span<const pollfd> ready, int fd, short events) {
  return std::any_of(ready.begin(), ready.end(), [&](const pollfd& each) {
    return each.fd == fd && (each.revents & (events | POLLHUP | POLLERR)) != 0;
  });
}

}  // namespace

Relay::Relay() : screen_(STDIN_FILENO) {}

Result<std::unique_ptr<Relay>> Relay::open(std::span<const SecretValue> secrets) {
  std::unique_ptr<Relay> relay(new Relay());
  const bool output = is_terminal(STDOUT_FILENO);
  const bool error = is_terminal(STDERR_FILENO);
  const bool whole = output && is_terminal(STDIN_FILENO) && in_foreground(STDIN_FILENO);
  Result<void> opened;
  if (output || error) opened = relay->open_screen(secrets, whole);
  if (opened && !output) opened = relay->open_pipe(STDOUT_FILENO, secrets);
  if (opened && !error) opened = relay->open_error(secrets, !output);
  if (!opened) return std::move(opened).error();
  return relay;
}

Result<void> Relay::open_screen(std::span<const SecretValue> secrets, bool whole) {
  const int screen = is_terminal(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO;
  auto terminal = PseudoTerminal::open(screen, !whole);
  if (!terminal) return std::move(terminal).error();
  auto own_end = duplicate(terminal->own_end());
  if (!own_end) return std::move(own_end).error();
  do_not_wait(terminal->own_end());
  if (whole) keyboard_.emplace(STDIN_FILENO, terminal->own_end());
  if (whole) ends_[STDIN_FILENO] = terminal->program_end();
  for (const int standard : {STDOUT_FILENO, STDERR_FILENO}) {
    if (is_terminal(standard)) ends_.at(static_cast<std::size_t>(standard)) = terminal->program_end();
  }
  streams_.push_back(std::make_unique<MaskedStream>(std::move(*own_end), screen, secrets));
  terminal_.emplace(std::move(*terminal));
  return {};
}

Result<void> Relay::open_pipe(int standard, std::span<const SecretValue> secrets) {
  auto pipe = make_pipe();
  if (!pipe) return std::move(pipe).error();
  enlarge(*pipe);
  ends_.at(static_cast<std::size_t>(standard)) = pipe->writing.get();
  streams_.push_back(streams_.empty()
                         ? std::make_unique<MaskedStream>(std::move(pipe->reading), standard, secrets)
                         : std::make_unique<MaskedStream>(std::move(pipe->reading), standard, *streams_.front()));
  pipe_ends_.push_back(std::move(pipe->writing));
  return {};
}

Result<void> Relay::open_error(std::span<const SecretValue> secrets, bool output_is_pipe) {
  if (!output_is_pipe || !are_same_file(STDOUT_FILENO, STDERR_FILENO)) return open_pipe(STDERR_FILENO, secrets);
  ends_[STDERR_FILENO] = ends_[STDOUT_FILENO];
  return {};
}

Launch Relay::launch(const std::vector<std::string>& words, const EnvironmentBlock& environment) const {
  Launch launch{.words = words,
                .environment = environment,
                .input = ends_[STDIN_FILENO],
                .output = ends_[STDOUT_FILENO],
                .error = ends_[STDERR_FILENO],
                .own_session = is_session()};
  for (const auto& stream : streams_) launch.not_for_leader.push_back(stream->from());
  if (terminal_) launch.not_for_leader.push_back(terminal_->own_end());
  return launch;
}

void Relay::begin() {
  pipe_ends_.clear();
  if (terminal_) terminal_->close_program_end();
  take_terminal();
}

void Relay::let_go_of_input() const noexcept {
  if (is_session()) return;
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (nothing.get() >= 0) ::dup2(nothing.get(), STDIN_FILENO);
}

void Relay::take_terminal() noexcept {
  if (!is_session()) return;
  screen_.enter();
  resize();
}

void Relay::resize() const noexcept {
  if (terminal_) terminal_->resize(is_terminal(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO);
}

void Relay::add_to(std::vector<pollfd>& waited) const {
  for (const auto& stream : streams_) {
    if (stream->from() >= 0) waited.push_back({.fd = stream->from(), .events = POLLIN, .revents = 0});
  }
  if (!keyboard_ || !terminal_) return;
  if (keyboard_->wants_keys() && screen_.is_raw()) {
    waited.push_back({.fd = STDIN_FILENO, .events = POLLIN, .revents = 0});
  }
  if (keyboard_->wants_room()) waited.push_back({.fd = terminal_->own_end(), .events = POLLOUT, .revents = 0});
}

void Relay::pass(std::span<const pollfd> ready, std::span<char> room) {
  for (const auto& stream : streams_) {
    if (stream->from() >= 0 && is_ready(ready, stream->from(), POLLIN)) stream->pass(room);
  }
  if (keyboard_ && terminal_) pass_keys(ready);
  if (terminal_ && (streams_.front()->is_refused() || (keyboard_ && keyboard_->is_gone()))) hang_up();
}

// Who is at the real terminal is gone; the program learns it as it would there.
void Relay::hang_up() {
  streams_.front()->end();
  terminal_.reset();
}

// A shell gives the terminal to another job while this one is stopped, and may give it back without a word.
void Relay::pass_keys(std::span<const pollfd> ready) {
  if (is_ready(ready, terminal_->own_end(), POLLOUT)) keyboard_->write();
  if (!is_ready(ready, STDIN_FILENO, POLLIN) || !keyboard_->wants_keys()) return;
  keyboard_->read();
  typed_ = true;
}

void Relay::pass_rest(std::span<char> room) {
  for (const auto& stream : streams_) stream->pass_rest(room);
}

int Relay::patience() const noexcept {
  if (!is_session()) return -1;
  if (!screen_.is_raw()) return background_patience;
  return typed_ ? echo_patience : -1;
}

// The last letter that was typed is often the first one of some secret, and would be seen only with the next.
void Relay::lose_patience() {
  if (!screen_.is_raw()) take_terminal();
  if (typed_) streams_.front()->let_out();
  typed_ = false;
}

bool Relay::is_over() const noexcept {
  return std::all_of(streams_.begin(), streams_.end(), [](const auto& stream) { return stream->from() < 0; });
}

void Relay::end() {
  for (const auto& stream : streams_) stream->end();
  screen_.leave();
}

void Relay::mask(std::span<const SecretValue> secrets) {
  for (const auto& stream : streams_) stream->mask(secrets);
}

int Relay::failure() const noexcept {
  int failure = 0;
  for (const auto& stream : streams_) failure = std::max(failure, stream->failure());
  return failure;
}

}  // namespace locket::cli
