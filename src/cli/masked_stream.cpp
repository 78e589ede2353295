#include "masked_stream.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/ioctl.h>
#include <unistd.h>

#include "write_all.hpp"

namespace locket::cli {
namespace {

constexpr std::size_t large_piece = 16384;

}  // namespace

MaskedStream::MaskedStream(Descriptor from, int to, std::span<const SecretValue> secrets)
    : from_(std::move(from)), to_(to), masker_(secrets, sink()) {}

MaskedStream::MaskedStream(Descriptor from, int to, const MaskedStream& other)
    : from_(std::move(from)), to_(to), masker_(other.masker_.with_sink(sink())) {}

Masker::Sink MaskedStream::sink() {
  return [this](std::string_view piece) { collect(piece); };
}

void MaskedStream::pass(std::span<char> room) {
  const ssize_t size = ::read(from_.get(), room.data(), room.size());
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  // A pseudo-terminal says EIO when no program has it any more.
  if (size <= 0) return end();
  masker_.write({room.data(), static_cast<std::size_t>(size)});
  flush();
}

void MaskedStream::pass_rest(std::span<char> room) {
  int left = 0;
  if (from_.get() < 0 || ::ioctl(from_.get(), FIONREAD, &left) != 0) return;
  for (auto rest = static_cast<std::size_t>(left); rest > 0 && from_.get() >= 0;) {
    const std::span<char> part = room.first(std::min(rest, room.size()));
    pass(part);
    rest -= part.size();
  }
}

void MaskedStream::let_out() {
  masker_.finish();
  flush();
}

void MaskedStream::end() {
  if (from_.get() < 0) return;
  from_.close();
  let_out();
}

void MaskedStream::mask(std::span<const SecretValue> secrets) {
  masker_.look_for(secrets);
}

void MaskedStream::collect(std::string_view piece) {
  if (piece.size() < large_piece) return collected_.append(piece);
  flush();
  write(piece);
}

void MaskedStream::flush() {
  write(collected_.view());
  collected_.truncate(0);
}

void MaskedStream::write(std::string_view text) {
  if (to_ < 0) return;
  const int error = write_all(to_, text);
  if (error == 0) return;
  if (error != EPIPE && error != EIO) failure_ = error;
  to_ = -1;
  from_.close();
}

}  // namespace locket::cli
