#include "keyboard.hpp"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace locket::cli {
namespace {

constexpr std::size_t most_at_once = 4096;

bool is_passing(int error) noexcept {
  return error == EINTR || error == EAGAIN;
}

}  // namespace

void Keyboard::read() {
  const auto room = typed_.prepare(most_at_once);
  const ssize_t size = ::read(from_, room.data(), room.size());
  if (size > 0) {
    typed_.commit(static_cast<std::size_t>(size));
    return write();
  }
  if (size == 0 || !is_passing(errno)) open_ = false;
}

void Keyboard::write() {
  const ssize_t size = ::write(to_, typed_.view().data(), typed_.size());
  if (size < 0 && is_passing(errno)) return;
  // Nobody reads any more.
  const std::size_t written = size < 0 ? typed_.size() : static_cast<std::size_t>(size);
  std::copy(typed_.data() + written, typed_.data() + typed_.size(), typed_.data());
  typed_.truncate(typed_.size() - written);
}

}  // namespace locket::cli
