#include "pipe.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "failure.hpp"

namespace locket::cli {

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return system_failure("cannot make a pipe", errno);
  // pipe2(2) would do it at once, but is not everywhere, and no other thread starts a program meanwhile.
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return Pipe{.reading = Descriptor(ends[0]), .writing = Descriptor(ends[1])};
}

void enlarge([[maybe_unused]] const Pipe& pipe) noexcept {
#ifdef F_SETPIPE_SZ
  constexpr int unprivileged_limit = 1 << 20;
  ::fcntl(pipe.writing.get(), F_SETPIPE_SZ, unprivileged_limit);
#endif
}

void do_not_wait(int fd) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags != -1) ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

}  // namespace locket::cli
