#pragma once

#include <locket/result.hpp>

#include "descriptor.hpp"

namespace locket::cli {

/// The two ends of a pipe; a program that is started gets neither unless it is given one.
struct Pipe {
  Descriptor reading;
  Descriptor writing;
};

/// LimitExceeded, say, when there are too many open files.
Result<Pipe> make_pipe();

/// Asks for as much room in a pipe as the system gives without being root, so that neither side waits for the other too
/// often. What it gives is good enough.
void enlarge(const Pipe& pipe) noexcept;

/// Reading and writing return EAGAIN instead of waiting.
void do_not_wait(int fd) noexcept;

}  // namespace locket::cli
