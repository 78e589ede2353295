#pragma once

#include <cstdint>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// A number that is never 0, stays the same for the life of a process, and is another one in every process
/// that was forked from it, however deep: what remembers the number it was made under can tell that it was
/// inherited.
///
/// One relaxed load of a word that the kernel zeroes in a forked child (MADV_WIPEONFORK, madvise(2)); it also
/// sees a bare `clone`, which handlers of pthread_atfork do not. Where the kernel lacks that (Linux
/// before 4.14, macOS, where it is untested) such a handler zeroes the word. A child of `vfork` shares the
/// memory and keeps the number. Safe from any thread, and in a child that was forked from a process with
/// several.
///
/// Exported though no public header declares it: locket's other shared libraries (the HTTP transport, the
/// local store) must agree with the core on which process this is.
LOCKET_EXPORT std::uint32_t process_epoch() noexcept;

}  // namespace locket::inline v1
