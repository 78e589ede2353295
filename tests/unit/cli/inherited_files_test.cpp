#include "cli/inherited_files.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "cli/descriptor.hpp"

using locket::cli::Descriptor;
using locket::cli::InheritedFiles;

namespace {

bool closes_at_exec(const Descriptor& file) {
  return (::fcntl(file.get(), F_GETFD) & FD_CLOEXEC) != 0;
}

// As a library that thinks of no other program.
Descriptor open_carelessly(int at_least) {
  const Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return Descriptor(::fcntl(file.get(), F_DUPFD, at_least));
}

}  // namespace

TEST_CASE("what was open before stays open for the program, and what was opened since does not") {
  const Descriptor given = open_carelessly(40);
  const Descriptor far = open_carelessly(60);
  const InheritedFiles inherited = InheritedFiles::now();
  const Descriptor before = open_carelessly(3);
  const Descriptor between = open_carelessly(50);
  const Descriptor behind = open_carelessly(900);
  inherited.close_others_at_exec();
  CHECK_FALSE(closes_at_exec(given));
  CHECK_FALSE(closes_at_exec(far));
  CHECK(closes_at_exec(before));
  CHECK(closes_at_exec(between));
  CHECK(closes_at_exec(behind));
  CHECK((::fcntl(STDERR_FILENO, F_GETFD) & FD_CLOEXEC) == 0);
}
