#include "program_start.hpp"

#include <cerrno>
#include <utility>

#include <unistd.h>

#include "child.hpp"

namespace locket::cli {
namespace {

// dup2(2) leaves the copy open over execve(2).
bool take(int fd, int standard) noexcept {
  return fd < 0 || ::dup2(fd, standard) == standard;
}

}  // namespace

// execvp(3) takes pointers to characters that it does not change, without saying so.
ProgramStart::ProgramStart(const std::vector<std::string>& words, const EnvironmentBlock& environment)
    : environment_(environment.data()) {
  for (const std::string& word : words) words_.push_back(const_cast<char*>(word.c_str()));
  words_.push_back(nullptr);
}

// The program is looked for in the PATH that it gets, as env(1) does.
int ProgramStart::exec() const noexcept {
  char** const own = std::exchange(::environ, const_cast<char**>(environment_));
  ::execvp(words_.front(), words_.data());
  const int error = errno;
  // The other one goes with its block, and what tells the error asks for NO_COLOR.
  ::environ = own;
  return error;
}

void ProgramStart::run(const Launch& launch, const SignalForwarding& signals, int failures) const noexcept {
  int error = 0;
  if (take(launch.input, STDIN_FILENO) && take(launch.output, STDOUT_FILENO) && take(launch.error, STDERR_FILENO)) {
    if (launch.inherited != nullptr) launch.inherited->close_others_at_exec();
    signals.undo();
    error = exec();
  } else {
    error = errno;
  }
  if (::write(failures, &error, sizeof error) < 0) ::_exit(126);
  ::_exit(127);
}

}  // namespace locket::cli
