#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>

#include <locket/secret_buffer.hpp>

#include "core/descriptor.hpp"

namespace locket::inline v1 {

/// Appends what `fd` holds to `contents`, which is empty: to its end, whatever it said to have (a file grows, /proc
/// says 0). `expected` bytes are read at once. 0; EFBIG when there are more than `max` bytes; or read(2)'s errno.
inline int read_to_end(int fd, std::size_t expected, std::size_t max, SecretBuffer& contents) {
  constexpr std::size_t step = std::size_t{1} << 16U;
  while (contents.size() <= max) {
    const std::size_t size = contents.size();
    // One byte more than expected shows the end, and one more than allowed that there is too much.
    const std::size_t wanted = size <= expected ? expected - size : step - 1;
    const std::span<char> room = contents.prepare(std::min(wanted, max - size) + 1);
    const auto got = uninterrupted([&] { return ::read(fd, room.data(), room.size()); });
    if (got < 0) return errno;
    if (got == 0) return 0;
    contents.commit(static_cast<std::size_t>(got));
  }
  return EFBIG;
}

}  // namespace locket::inline v1
