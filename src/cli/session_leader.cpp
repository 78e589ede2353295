#include "session_leader.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.hpp"
#include "program_start.hpp"

namespace locket::cli {
namespace {

template <class Object>
void tell(int fd, const Object& object) noexcept {
  // Nobody reads any more: then nobody needs it.
  if (::write(fd, &object, sizeof object) < 0) return;
}

// SIGTTOU is held, so tcsetpgrp(3) works from the background as well.
void become_foreground(int terminal) noexcept {
  ::setpgid(0, 0);
  ::tcsetpgrp(terminal, ::getpid());
}

std::atomic<pid_t> job{0};

void hang_up_job(int) noexcept {
  const int error = errno;
  ::kill(-job.load(), SIGHUP);
  ::kill(-job.load(), SIGCONT);
  errno = error;
}

// A terminal that is gone is told to the leader alone, as to a shell.
void pass_on_hangup(pid_t program) noexcept {
  job = program;
  struct sigaction action{};
  action.sa_handler = hang_up_job;
  ::sigaction(SIGHUP, &action, nullptr);
  sigset_t hangup{};
  ::sigemptyset(&hangup);
  ::sigaddset(&hangup, SIGHUP);
  ::pthread_sigmask(SIG_UNBLOCK, &hangup, nullptr);
}

void close_all(const Launch& launch, int failures) noexcept {
  for (const int fd : {launch.input, launch.output, launch.error, failures}) {
    if (fd > STDERR_FILENO) ::close(fd);
  }
}

// Its end is seen and not waited for: as long as the leader is there, the program's number is nobody else's.
void report_changes(pid_t program, int changes) noexcept {
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(program), &info, WEXITED | WSTOPPED | WNOWAIT) != 0) {
      if (errno == EINTR) continue;
      return;
    }
    tell(changes, info);
    if (info.si_code != CLD_STOPPED) return;
    ::waitid(P_PID, static_cast<id_t>(program), &info, WSTOPPED | WNOHANG);
  }
}

void wait_for_end(int leash) noexcept {
  char byte = 0;
  while (::read(leash, &byte, 1) < 0 && errno == EINTR) continue;
}

}  // namespace

void lead_session(const ProgramStart& start, const Launch& launch, const SignalForwarding& signals,
                  const LeaderPipes& pipes) noexcept {
  for (const int fd : launch.not_for_leader) ::close(fd);
  ::setsid();
  ::ioctl(launch.output, TIOCSCTTY, 0);
  const pid_t program = ::fork();
  if (program == 0) {
    become_foreground(launch.output);
    start.run(launch, signals, pipes.failures);
  }
  if (program < 0) tell(pipes.failures, errno);
  close_all(launch, pipes.failures);
  if (program > 0) {
    ::setpgid(program, program);
    pass_on_hangup(program);
    tell(pipes.changes, program);
    report_changes(program, pipes.changes);
  }
  wait_for_end(pipes.leash);
  ::_exit(0);
}

}  // namespace locket::cli
