#include "child.hpp"

#include <cerrno>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.hpp"
#include "program_start.hpp"
#include "session_leader.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

Error cannot_run(const std::string& program, int error) {
  Error failure = system_failure(fmt::format("cannot run '{}'", printable(program)), error);
  failure.details().reason = exec_reason;
  if (error == ENOENT && program.find('/') == std::string::npos) failure.details().hint = "no folder of PATH has it";
  return failure;
}

Error cannot_fork(int error) {
  return system_failure("cannot start a process", error);
}

// After the last byte nobody writes any more: the program runs. What was written is why it does not.
Result<void> wait_for_exec(const Launch& launch, const Descriptor& failures) {
  int error = 0;
  ssize_t size = -1;
  do {
    size = ::read(failures.get(), &error, sizeof error);
  } while (size < 0 && errno == EINTR);
  if (size == static_cast<ssize_t>(sizeof error)) return cannot_run(launch.words.front(), error);
  return {};
}

Change change_of(const siginfo_t& info) {
  switch (info.si_code) {
    case CLD_EXITED: return {.kind = Change::Kind::Exited, .number = info.si_status};
    case CLD_STOPPED: return {.kind = Change::Kind::Stopped, .number = info.si_status};
    default: return {.kind = Change::Kind::Killed, .number = info.si_status};
  }
}

void reap(pid_t pid) noexcept {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace

int exec_status(const Error& error) noexcept {
  return error.code() == ErrorCode::NotFound ? 127 : 126;
}

Error become(const std::vector<std::string>& words, const EnvironmentBlock& environment,
             const InheritedFiles& inherited) {
  const ProgramStart start(words, environment);
  inherited.close_others_at_exec();
  return cannot_run(words.front(), start.exec());
}

Result<Child> Child::start(const Launch& launch, const SignalForwarding& signals) {
  SignalForwarding::hold();
  auto child = launch.own_session ? start_in_session(launch, signals) : start_here(launch, signals);
  signals.release();
  return child;
}

Result<Child> Child::start_here(const Launch& launch, const SignalForwarding& signals) {
  auto failures = make_pipe();
  if (!failures) return std::move(failures).error();
  const ProgramStart start(launch.words, launch.environment);
  const pid_t pid = ::fork();
  if (pid < 0) return cannot_fork(errno);
  if (pid == 0) start.run(launch, signals, failures->writing.get());
  failures->writing.close();
  if (auto begun = wait_for_exec(launch, failures->reading); !begun) {
    reap(pid);
    return std::move(begun).error();
  }
  SignalForwarding::send_to(pid, false);
  return Child(pid, std::nullopt);
}

Result<Child> Child::start_in_session(const Launch& launch, const SignalForwarding& signals) {
  auto failures = make_pipe();
  auto changes = make_pipe();
  auto leash = make_pipe();
  for (const auto* pipe : {&failures, &changes, &leash}) {
    if (!*pipe) return pipe->error();
  }
  const ProgramStart start(launch.words, launch.environment);
  const pid_t leader = ::fork();
  if (leader < 0) return cannot_fork(errno);
  if (leader == 0) {
    for (const int fd : {failures->reading.get(), changes->reading.get(), leash->writing.get()}) ::close(fd);
    lead_session(
        start, launch, signals,
        {.failures = failures->writing.get(), .changes = changes->writing.get(), .leash = leash->reading.get()});
  }
  for (Pipe* pipe : {&*failures, &*changes}) pipe->writing.close();
  Child child(0, Leader{.pid = leader, .changes = std::move(changes->reading), .leash = std::move(leash->writing)});
  if (auto begun = wait_for_exec(launch, failures->reading); !begun) return std::move(begun).error();
  if (::read(child.leader_->changes.get(), &child.pid_, sizeof child.pid_) != static_cast<ssize_t>(sizeof child.pid_)) {
    return cannot_fork(EAGAIN);
  }
  do_not_wait(child.change_fd());
  SignalForwarding::send_to(child.pid_, true);
  return child;
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)), leader_(std::move(other.leader_)) {
  other.leader_.reset();
}

Child::~Child() {
  ended();
  if (!leader_) return;
  leader_->leash.close();
  reap(leader_->pid);
}

void Child::ended() noexcept {
  if (pid_ == 0) return;
  SignalForwarding::send_to_nobody();
  pid_ = 0;
}

// Its number is its own until it is waited for, so nobody is sent anything from before that on.
std::optional<Change> Child::next_change() {
  siginfo_t info{};
  if (leader_) {
    if (::read(leader_->changes.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
  } else {
    if (pid_ == 0 || ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
      return std::nullopt;
    if (info.si_pid == 0) return std::nullopt;
  }
  const Change change = change_of(info);
  if (change.kind == Change::Kind::Stopped) return change;
  const pid_t pid = pid_;
  ended();
  if (!leader_) reap(pid);
  return change;
}

void Child::send(int signal) const noexcept {
  if (pid_ != 0) ::kill(pid_, signal);
}

void Child::send_to_group(int signal) const noexcept {
  if (pid_ != 0) ::kill(leader_ ? -pid_ : pid_, signal);
}

}  // namespace locket::cli
