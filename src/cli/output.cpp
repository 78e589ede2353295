#include "output.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

#include "failure.hpp"

namespace locket::cli {
namespace {

// 0, or the error's number.
int write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

Result<void> Output::result(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return {};
  Error failure = system_failure("cannot write to standard output", error);
  failure.details().code = ErrorCode::Internal;
  return failure;
}

void Output::say(std::string_view text) const {
  if (!quiet) raw(fmt::format("{}\n", text));
}

void Output::note(std::string_view text) {
  raw(fmt::format("note: {}\n", text));
}

void Output::raw(std::string_view text) noexcept {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

}  // namespace locket::cli
