#pragma once

#include <cstdlib>

namespace locket::inline v1 {

/// The variable `name` of the environment, for what chooses where secrets come from; null when it is not set. A program
/// that runs with more rights than its caller (setuid, setgid, capabilities) does not let the caller choose: it gets
/// null.
inline const char* chosen_from_outside(const char* name) {
#if defined(__GLIBC__)
  return ::secure_getenv(name);
#else
  return std::getenv(name);
#endif
}

}  // namespace locket::inline v1
