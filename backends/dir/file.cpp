#include "file.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <locket/secret_buffer.hpp>

namespace locket::inline v1::dir {
namespace {

constexpr std::uint64_t max_step = 1U << 16U;

// A file may hold more than it said (it grew; /proc says 0), so it is read until its end, and one byte over the limit
// tells that there is too much.
Outcome<SecretValue> read_all(int file, std::uint64_t size, std::uint64_t limit) {
  SecretBuffer buffer;
  buffer.reserve(static_cast<std::size_t>(size) + 1);
  while (buffer.size() <= limit) {
    const auto wanted = buffer.size() <= size ? size - buffer.size() + 1 : max_step;
    const std::span<char> room = buffer.prepare(static_cast<std::size_t>(std::min(wanted, limit - buffer.size() + 1)));
    const auto got = uninterrupted([&] { return ::read(file, room.data(), room.size()); });
    if (got < 0) return Failed{errno};
    if (got == 0) return std::move(buffer).finish();
    buffer.commit(static_cast<std::size_t>(got));
  }
  return Failed{EFBIG};
}

}  // namespace

Outcome<SecretValue> read_file(const Descriptor& file, const Identity& expected, std::uint64_t limit) {
  const auto before = status_of(file.get());
  if (!before) return before.failed();
  if (kind_of(*before) != Kind::File) return Failed{ENXIO};
  const Identity identity = identity_of(*before);
  if (identity != expected) return Failed{EAGAIN};
  if (identity.size > limit) return Failed{EFBIG};
  auto value = read_all(file.get(), identity.size, limit);
  if (!value) return value;
  const auto after = status_of(file.get());
  if (!after) return after.failed();
  if (identity_of(*after) != identity) return Failed{EAGAIN};
  return value;
}

}  // namespace locket::inline v1::dir
