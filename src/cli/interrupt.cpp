#include "interrupt.hpp"

#include <csignal>

namespace locket::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void remember(int) {
  interrupted = 1;
}

// What was ignored (nohup) stays ignored.
void on_signals(void (*handler)(int)) noexcept {
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace

Interrupt::Interrupt() noexcept {
  interrupted = 0;
  on_signals(remember);
}

Interrupt::~Interrupt() {
  on_signals(SIG_DFL);
}

bool Interrupt::happened() noexcept {
  if (interrupted != 0) stop_.request_stop();
  return interrupted != 0;
}

}  // namespace locket::cli
