// A value in a static object may be released after the library's own destructor ran, when a program ends; its memory
// is unmapped nevertheless. Ends with 0 when that is so.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include <locket/secret_value.hpp>

namespace {

bool is_mapped(std::uintptr_t address) {
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  unsigned char resident = 0;
  return ::mincore(reinterpret_cast<void*>(address / page * page), page, &resident) == 0 || errno != ENOMEM;
}

// Destroyed last, because it is constructed first.
struct Check {
  ~Check() {
    // A shared core drops its spare slab when it is finished itself, which is later.
#if !defined(CORE_IS_SHARED)
    if (address == 0 || !was_mapped || is_mapped(address)) {
      std::fputs("the slab of a value that was released at exit is still mapped\n", stderr);
      ::_exit(1);
    }
#endif
  }
  std::uintptr_t address = 0;
  bool was_mapped = false;
} check;

// Constructed before the core's static objects, which stand behind this file on the linker's command line; so it is
// destroyed after them.
locket::SecretValue held_by_the_program("held until the end");

}  // namespace

int main() {
  static locket::SecretValue held_by_a_function("held until the end");
  check.address = reinterpret_cast<std::uintptr_t>(held_by_the_program.expose().data());
  check.was_mapped = is_mapped(check.address);
  return held_by_a_function == held_by_the_program ? 0 : 1;
}
