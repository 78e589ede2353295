#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "failure.hpp"
#include "write_all.hpp"

namespace locket::cli {

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
