#pragma once

#include <locket/export.hpp>

/// The version of these headers: the one place where it is written. The build reads it from here.
///
/// Semantic versioning; before 1.0 a new minor version may break the interface, and the shared libraries' soname
/// carries it.
#define LOCKET_VERSION_MAJOR 0
#define LOCKET_VERSION_MINOR 1
#define LOCKET_VERSION_PATCH 0
#define LOCKET_VERSION_STRING "0.1.0"

namespace locket::inline v1 {

/// The version of the headers that a program was compiled with, as "major.minor.patch".
constexpr const char* version() noexcept {
  return LOCKET_VERSION_STRING;
}

/// The version of the library that the program runs with, in the same form. It differs from `version()` when a
/// shared library was replaced since. May be called from any thread; the text lives as long as the library.
LOCKET_EXPORT const char* library_version() noexcept;

}  // namespace locket::inline v1
