#pragma once

#include <string_view>

#if defined(__APPLE__)
#include <crt_externs.h>
#else
#include <unistd.h>
#endif

namespace locket::inline v1 {

/// Calls `visit(variable, value)` for each variable of this process, in their order; of two of one name getenv(3) finds
/// the first. No other thread may change the environment meanwhile.
template <class Visitor>
void for_each_variable(const Visitor& visit) {
// A shared library of macOS has no `environ` of its own. Untested there.
#if defined(__APPLE__)
  char** next = *_NSGetEnviron();
#else
  char** next = environ;
#endif
  for (; next != nullptr && *next != nullptr; ++next) {
    const std::string_view entry = *next;
    const auto equals = entry.find('=');
    if (equals == 0 || equals == std::string_view::npos) continue;
    visit(entry.substr(0, equals), entry.substr(equals + 1));
  }
}

}  // namespace locket::inline v1
