#include "signal_forwarding.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "failure.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

struct Named {
  std::string_view name;
  int number;
};
// Those that a program is sent by others. SIGKILL and SIGSTOP cannot be caught, faults are a program's own.
constexpr std::array forwarded{Named{.name = "HUP", .number = SIGHUP},   Named{.name = "INT", .number = SIGINT},
                               Named{.name = "QUIT", .number = SIGQUIT}, Named{.name = "TERM", .number = SIGTERM},
                               Named{.name = "USR1", .number = SIGUSR1}, Named{.name = "USR2", .number = SIGUSR2},
                               Named{.name = "ALRM", .number = SIGALRM}, Named{.name = "CONT", .number = SIGCONT},
                               Named{.name = "TSTP", .number = SIGTSTP}, Named{.name = "WINCH", .number = SIGWINCH}};
// SIGPIPE is ignored, SIGCHLD is for this process alone.
constexpr std::size_t count = forwarded.size() + 2;

// What handlers may use: lock-free atomics, and what was written before they were installed.
std::array<struct sigaction, count> before;
std::atomic<int> wake_end{-1};
std::atomic<pid_t> receiver{0};
std::atomic<bool> has_own_group{false};
// Came while there was no child.
std::atomic<int> unsent{0};
std::atomic<bool> child_seen{false};
std::atomic<bool> resize_seen{false};
std::atomic<bool> continue_seen{false};
std::atomic<bool> end_seen{false};
static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

std::array<int, count> all_numbers() noexcept {
  std::array<int, count> numbers{SIGPIPE, SIGCHLD};
  std::transform(forwarded.begin(), forwarded.end(), numbers.begin() + 2,
                 [](const Named& each) { return each.number; });
  return numbers;
}

void wake() noexcept {
  const char byte = 0;
  // A full pipe wakes as well.
  if (::write(wake_end.load(), &byte, 1) < 0) return;
}

// Jobs are stopped and continued as groups.
void forward(int signal) noexcept {
  const pid_t child = receiver.load();
  if (child == 0) {
    unsent = signal;
    return;
  }
  const bool whole_group = has_own_group.load() && (signal == SIGTSTP || signal == SIGCONT);
  ::kill(whole_group ? -child : child, signal);
}

// Returns when this process goes on.
void stop_as_by_default(pid_t who) noexcept {
  struct sigaction action{};
  struct sigaction mine{};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGTSTP, &action, &mine);
  sigset_t only{};
  sigset_t mask{};
  ::sigemptyset(&only);
  ::sigaddset(&only, SIGTSTP);
  ::kill(who, SIGTSTP);
  ::pthread_sigmask(SIG_UNBLOCK, &only, &mask);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(SIGTSTP, &mine, nullptr);
}

void note(int signal) noexcept {
  switch (signal) {
    case SIGCHLD: child_seen = true; break;
    case SIGWINCH: resize_seen = true; break;
    case SIGCONT: continue_seen = true; break;
    case SIGHUP:
    case SIGINT:
    case SIGQUIT:
    case SIGTERM: end_seen = true; break;
    default: return;
  }
  wake();
}

// The kernel's own signals have a positive code.
void on_signal(int signal, siginfo_t* info, void*) noexcept {
  const int error = errno;
  note(signal);
  const bool reached_child = info->si_code > 0 && receiver.load() != 0 && !has_own_group.load();
  if (signal != SIGCHLD && signal != SIGWINCH && !reached_child) forward(signal);
  if (signal == SIGTSTP && !has_own_group.load()) stop_as_by_default(::getpid());
  errno = error;
}

void set(int signal, const struct sigaction& previous) noexcept {
  struct sigaction action{};
  ::sigfillset(&action.sa_mask);
  if (signal == SIGPIPE) {
    action.sa_handler = SIG_IGN;
  } else if (previous.sa_handler == SIG_IGN && signal != SIGCHLD) {
    return;
  } else {
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
  }
  ::sigaction(signal, &action, nullptr);
}

bool taken(std::atomic<bool>& seen) noexcept {
  return seen.exchange(false);
}

std::string upper(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

SignalForwarding::SignalForwarding(Pipe wake) noexcept : wake_(std::move(wake)) {
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask_);
  wake_end = wake_.writing.get();
  send_to_nobody();
  const auto numbers = all_numbers();
  for (std::size_t i = 0; i < count; ++i) {
    ::sigaction(numbers[i], nullptr, &before[i]);
    set(numbers[i], before[i]);
  }
}

SignalForwarding::SignalForwarding(SignalForwarding&& other) noexcept
    : wake_(std::move(other.wake_)), mask_(other.mask_), installed_(std::exchange(other.installed_, false)) {}

SignalForwarding::~SignalForwarding() {
  if (installed_) undo();
}

Result<SignalForwarding> SignalForwarding::install() {
  auto wake = make_pipe();
  if (!wake) return std::move(wake).error();
  do_not_wait(wake->reading.get());
  do_not_wait(wake->writing.get());
  return SignalForwarding(std::move(*wake));
}

void SignalForwarding::send_to(pid_t child, bool own_group) noexcept {
  has_own_group = own_group;
  receiver = child;
  if (const int signal = unsent.exchange(0); signal != 0) forward(signal);
}

void SignalForwarding::send_to_nobody() noexcept {
  receiver = 0;
}

void SignalForwarding::stop_group() noexcept {
  stop_as_by_default(0);
}

SignalsSeen SignalForwarding::take() const noexcept {
  std::array<char, 64> bytes{};
  while (::read(wake_.reading.get(), bytes.data(), bytes.size()) > 0) continue;
  return {.child = taken(child_seen),
          .resized = taken(resize_seen),
          .continued = taken(continue_seen),
          .ending = taken(end_seen)};
}

void SignalForwarding::hold() noexcept {
  sigset_t all{};
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

void SignalForwarding::release() const noexcept {
  ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

void SignalForwarding::undo() const noexcept {
  const auto numbers = all_numbers();
  for (std::size_t i = 0; i < count; ++i) ::sigaction(numbers[i], &before[i], nullptr);
  release();
}

Result<int> parse_signal(const std::string& name) {
  std::string word = upper(name);
  if (word.starts_with("SIG")) word.erase(0, 3);
  std::string known;
  for (const auto& [each, number] : forwarded) {
    if (word == each || word == std::to_string(number)) return number;
    known += (known.empty() ? "" : ", ") + std::string(each);
  }
  return usage(fmt::format("'{}' is no signal that a program can be sent", printable(name)),
               fmt::format("known are: {}", known));
}

}  // namespace locket::cli
