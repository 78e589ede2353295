#include "write_all.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace locket::cli {
namespace {

// Somebody else may have made the file non-blocking; it is theirs, too.
void wait_for_room(int fd) noexcept {
  pollfd waited{.fd = fd, .events = POLLOUT, .revents = 0};
  ::poll(&waited, 1, -1);
}

}  // namespace

int write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_for_room(fd);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace locket::cli
