#include "input.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "descriptor.hpp"
#include "failure.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

constexpr std::size_t chunk_size = 16384;

Result<SecretBuffer> read_all(int fd, const std::string& what) {
  SecretBuffer buffer;
  for (;;) {
    const std::span<char> room = buffer.prepare(chunk_size);
    const ssize_t size = ::read(fd, room.data(), room.size());
    if (size == 0) return buffer;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return system_failure(fmt::format("cannot read {}", what), errno);
    buffer.commit(static_cast<std::size_t>(size));
    if (buffer.size() > max_input) {
      return Error({.code = ErrorCode::LimitExceeded,
                    .message = fmt::format("{} is larger than {} MiB", what, max_input >> 20U)});
    }
  }
}

}  // namespace

Result<SecretBuffer> read_standard_input() {
  return read_all(STDIN_FILENO, "standard input");
}

Result<SecretBuffer> read_file(const std::string& path) {
  if (path == "-") return read_standard_input();
  const std::string what = fmt::format("'{}'", printable(path));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return system_failure(fmt::format("cannot read {}", what), errno);
  return read_all(file.get(), what);
}

bool ends_in_newline(std::string_view value) noexcept {
  return value.ends_with('\n');
}

void chomp(SecretBuffer& value) noexcept {
  if (!ends_in_newline(value.view())) return;
  value.truncate(value.size() - (value.view().ends_with("\r\n") ? 2 : 1));
}

}  // namespace locket::cli
