#pragma once

#include <csignal>

namespace locket::inline v1::http {

/// While it lives, writing to a connection that the other side has closed does not end the program: the signal is
/// blocked in this thread, and taken away at the end if it came. libcurl and OpenSSL see to it for most writes only,
/// and what the program does with SIGPIPE is the program's.
class NoSigpipe {
 public:
  NoSigpipe() noexcept;
  ~NoSigpipe();
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  bool pending_ = false;  // before us: then it is not ours to take
  sigset_t before_ = {};
};

}  // namespace locket::inline v1::http
