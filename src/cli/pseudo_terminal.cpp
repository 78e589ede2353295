#include "pseudo_terminal.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.hpp"

namespace locket::cli {
namespace {

Error no_terminal(int error) {
  Error failure = system_failure("cannot get a pseudo-terminal", error);
  failure.details().code = ErrorCode::Unavailable;
  failure.details().hint = "--no-masking needs none, and masks nothing";
  return failure;
}

void take_settings(int terminal, int like, bool output_only) noexcept {
  termios settings{};
  if (::tcgetattr(like, &settings) != 0) return;
  if (output_only) settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  ::tcsetattr(terminal, TCSANOW, &settings);
}

// From the background, too: a job that is not in front would be stopped for it.
void set_held(int fd, const termios& settings) noexcept {
  sigset_t stop{};
  sigset_t before{};
  ::sigemptyset(&stop);
  ::sigaddset(&stop, SIGTTOU);
  ::pthread_sigmask(SIG_BLOCK, &stop, &before);
  while (::tcsetattr(fd, TCSADRAIN, &settings) != 0 && errno == EINTR) continue;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

Result<PseudoTerminal> PseudoTerminal::open(int like, bool output_only) {
  Descriptor own_end(::posix_openpt(O_RDWR | O_NOCTTY));
  if (own_end.get() < 0) return no_terminal(errno);
  ::fcntl(own_end.get(), F_SETFD, FD_CLOEXEC);
  if (::grantpt(own_end.get()) != 0 || ::unlockpt(own_end.get()) != 0) return no_terminal(errno);
  const char* const name = ::ptsname(own_end.get());
  if (name == nullptr) return no_terminal(errno);
  Descriptor program_end(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (program_end.get() < 0) return no_terminal(errno);
  take_settings(program_end.get(), like, output_only);
  PseudoTerminal terminal(std::move(own_end), std::move(program_end));
  terminal.resize(like);
  return terminal;
}

void PseudoTerminal::resize(int like) const noexcept {
  winsize size{};
  if (::ioctl(like, TIOCGWINSZ, &size) == 0) ::ioctl(own_end_.get(), TIOCSWINSZ, &size);
}

RawTerminal::RawTerminal(int fd) noexcept : fd_(fd), known_(::tcgetattr(fd, &settings_) == 0) {}

void RawTerminal::enter() noexcept {
  if (!known_ || !in_foreground(fd_)) return;
  termios raw = settings_;
  ::cfmakeraw(&raw);
  set_held(fd_, raw);
  raw_ = true;
}

void RawTerminal::leave() noexcept {
  if (raw_) set_held(fd_, settings_);
  raw_ = false;
}

bool in_foreground(int terminal) noexcept {
  return ::tcgetpgrp(terminal) == ::getpgrp();
}

}  // namespace locket::cli
