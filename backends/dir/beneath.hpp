#pragma once

#include <cstdint>
#include <string>

#include <fcntl.h>

#include "outcome.hpp"

namespace locket::inline v1::dir {

/// How links are followed. The kernel's way falls back to the portable one where the kernel, its headers or a sandbox
/// do not know openat2; tests ask for the portable one.
enum class Way : std::uint8_t { Kernel, Portable };

/// To look something up without reading it. Where neither flag exists, that takes the permission to read it.
#if defined(O_PATH)
inline constexpr int lookup = O_PATH | O_CLOEXEC;
#elif defined(O_SEARCH)
inline constexpr int lookup = O_SEARCH | O_NONBLOCK | O_CLOEXEC;
#else
inline constexpr int lookup = O_RDONLY | O_NONBLOCK | O_CLOEXEC;
#endif

/// Opens `path` below `folder`, following links, its last part's too, as long as nothing on the way leaves the folder:
/// EXDEV when a link does (an absolute one always does), ELOOP after 40 links. `flags` as for open(2), without O_CREAT.
Outcome<Descriptor> open_beneath(int folder, const std::string& path, int flags, Way way);

/// The text of the link `name` in `folder`; EINVAL when it is none.
Outcome<std::string> read_link(int folder, const std::string& name);

}  // namespace locket::inline v1::dir
