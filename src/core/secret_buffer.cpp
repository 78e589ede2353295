#include <locket/secret_buffer.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <new>

#include <locket/wipe.hpp>

#include "core/arena.hpp"
#include "core/secret_copy.hpp"

namespace locket::inline v1 {
namespace {

// Adds what to ask the arena for; sizes that no machine has must not wrap around to small ones.
std::size_t sum(std::size_t size, std::size_t more) {
  constexpr std::size_t limit = std::numeric_limits<std::size_t>::max() / 4;
  if (size > limit || more > limit - size) throw std::bad_alloc();
  return size + more;
}

}  // namespace

SecretBuffer SecretBuffer::grown(std::size_t size) const {
  std::size_t block = arena::rounded(sum(std::max(size, 2 * capacity_), 1));
  SecretBuffer bigger;
  bigger.data_ = static_cast<char*>(arena::allocate(block));
  bigger.capacity_ = block - 1;
  bigger.size_ = size_;
  copy_secret(bigger.data_, data_, size_);
  return bigger;
}

void SecretBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return;
  SecretBuffer old;  // keeps the old block until the bytes, which may lie in it, are copied
  if (bytes.size() > capacity_ - size_) old = std::exchange(*this, grown(sum(size_, bytes.size())));
  copy_secret(data_ + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void SecretBuffer::push_back(char byte) {
  if (size_ == capacity_) *this = grown(sum(size_, 1));
  data_[size_++] = byte;
}

std::span<char> SecretBuffer::prepare(std::size_t size) {
  if (size > capacity_ - size_) *this = grown(sum(size_, size));
  return {data_ + size_, size};
}

void SecretBuffer::commit(std::size_t size) noexcept {
  assert(size <= capacity_ - size_);
  size_ += std::min(size, capacity_ - size_);
}

void SecretBuffer::resize(std::size_t size) {
  reserve(size);
  if (size > size_) std::memset(data_ + size_, 0, size - size_);
  truncate(size);
  size_ = size;
}

void SecretBuffer::truncate(std::size_t size) noexcept {
  if (size >= size_) return;
  wipe(data_ + size, size_ - size);
  size_ = size;
}

void SecretBuffer::reserve(std::size_t size) {
  if (size > capacity_) *this = grown(size);
}

void SecretBuffer::release() noexcept {
  size_ = 0;
  arena::release(std::exchange(data_, nullptr), std::exchange(capacity_, 0) + 1);
}

SecretValue SecretBuffer::hand_over() noexcept {
  data_[size_] = '\0';
  capacity_ = 0;
  return {std::exchange(data_, nullptr), std::exchange(size_, 0)};
}

SecretValue SecretBuffer::finish() && noexcept {
  SecretBuffer done(std::move(*this));
  if (done.empty()) return {};
  try {
    if (arena::rounded(done.size_ + 1) < (done.capacity_ + 1) / 2) return SecretValue(done.view());
  } catch (const std::bad_alloc&) {
    return done.hand_over();  // no smaller block is to be had
  }
  return done.hand_over();
}

}  // namespace locket::inline v1
