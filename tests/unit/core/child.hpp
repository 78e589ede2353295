#pragma once

#include <cstdio>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

namespace locket_test {

/// Waits for a child and returns its status, as waitpid(2) gives it.
inline int status_of(pid_t child) {
  int status = -1;
  while (::waitpid(child, &status, 0) < 0) {
  }
  return status;
}

/// Runs `body` in a forked child, which ends with the number that it returns (0 is success), or by SIGALRM after a
/// minute: a child that waits for a lock of its parent's is killed, not waited for. Returns its status.
template <class Body>
int in_child(Body&& body) {
  std::fflush(nullptr);  // what is buffered is the parent's to print
  pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    ::_exit(std::forward<Body>(body)());
  }
  return status_of(child);
}

}  // namespace locket_test
