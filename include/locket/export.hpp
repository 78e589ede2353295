#pragma once

/// Marks what a shared locket library offers to its users; everything else is hidden.
///
/// Every class and free function of the public headers that is defined in a `.cpp` carries it. Nothing has to
/// be defined by users: the build compiles with hidden visibility, and on ELF the same mark serves both
/// sides.
#if defined(_WIN32)
#if defined(LOCKET_BUILDING_SHARED)
#define LOCKET_EXPORT __declspec(dllexport)
#elif defined(LOCKET_SHARED)
#define LOCKET_EXPORT __declspec(dllimport)
#else
#define LOCKET_EXPORT
#endif
#else
#define LOCKET_EXPORT __attribute__((visibility("default")))
#endif
