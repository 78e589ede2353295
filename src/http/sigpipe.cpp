#include "http/sigpipe.hpp"

#include <cerrno>
#include <ctime>

namespace locket::inline v1::http {
namespace {

sigset_t only_sigpipe() noexcept {
  sigset_t set = {};
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  return set;
}

bool is_pending() noexcept {
  sigset_t set = {};
  ::sigemptyset(&set);
  ::sigpending(&set);
  return ::sigismember(&set, SIGPIPE) == 1;
}

}  // namespace

NoSigpipe::NoSigpipe() noexcept : pending_(is_pending()) {
  const sigset_t set = only_sigpipe();
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

NoSigpipe::~NoSigpipe() {
  if (!pending_ && is_pending()) {
    const sigset_t set = only_sigpipe();
    const timespec now = {};
    while (::sigtimedwait(&set, nullptr, &now) == -1 && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace locket::inline v1::http
