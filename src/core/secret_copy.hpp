#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace locket::inline v1 {

/// Copies `size` bytes between blocks that do not overlap, as memcpy does, but not through vector registers.
///
/// memcpy leaves up to 64 bytes in each of those; nothing clears them, and the dynamic loader spills them all onto the
/// stack when it binds the next function: a core dump showed the second half of a value that was long released. Here
/// one general register holds 8 bytes until the next instruction needs it.
inline void copy_secret(char* to, const char* from, std::size_t size) noexcept {
  for (; size >= sizeof(std::uint64_t); size -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
#if defined(__GNUC__)
    __asm__ __volatile__("" : "+r"(word));  // keeps the loop from becoming a call of memcpy, or vector instructions
#endif
    std::memcpy(to, &word, sizeof word);
    from += sizeof word;
    to += sizeof word;
  }
  for (volatile char* last = to; size != 0; --size) *last++ = *from++;
}

}  // namespace locket::inline v1
