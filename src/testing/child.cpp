#include "testing/child.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <array>
#include <cerrno>
#include <csignal>

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOCKET_UNDER_TSAN
#endif
#elif defined(__SANITIZE_THREAD__)
#define LOCKET_UNDER_TSAN
#endif

namespace locket::inline v1::testing {

#if defined(LOCKET_UNDER_TSAN)

std::string no_child() {
  return "ThreadSanitizer does not follow a fork of a process with several threads";
}
std::string in_child(const std::function<std::string()>&) {
  return no_child();
}

#elif defined(__unix__) || defined(__APPLE__)

namespace {

constexpr int patience_ms = 20'000;

void write_all(int fd, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

// Everything until the end of the file; false when that does not come in time.
bool read_all(int fd, std::string& text) {
  std::array<char, 4096> buffer{};
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  for (;;) {
    const int ready = ::poll(&waiting, 1, patience_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n <= 0) return true;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

std::string outcome(pid_t child, bool ended, std::string text) {
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!ended) return fmt::format("the child hung and was killed after {} seconds; {}", patience_ms / 1000, text);
  if (WIFSIGNALED(status)) return fmt::format("the child was killed by signal {}; {}", WTERMSIG(status), text);
  if (WEXITSTATUS(status) != 0) return fmt::format("the child ended with {}; {}", WEXITSTATUS(status), text);
  return text;
}

}  // namespace

std::string no_child() {
  return {};
}

std::string in_child(const std::function<std::string()>& body) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return "no pipe could be made to a child";
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    try {
      write_all(ends[1], body());
    } catch (...) {
      ::_exit(3);  // the parent's frames above are not the child's to unwind
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  const bool ended = child > 0 && read_all(ends[0], text);
  ::close(ends[0]);
  return child < 0 ? "no child could be forked" : outcome(child, ended, std::move(text));
}

#else

std::string no_child() {
  return "this system has no fork";
}
std::string in_child(const std::function<std::string()>&) {
  return no_child();
}

#endif

}  // namespace locket::inline v1::testing
