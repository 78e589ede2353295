#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include <locket/export.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1 {

/// A buffer that grows in the memory where secret values live; for those who write backends.
///
/// What arrives piece by piece (a response body, a file, a decrypted block) is written here from the first
/// byte on, so that no copy stays elsewhere: growing copies to a bigger block and wipes the old one, `finish`
/// hands the block over to a `SecretValue` without a copy.
/// ```
/// SecretBuffer buffer;
/// for (;;) {
///   std::span<char> room = buffer.prepare(4096);
///   ssize_t n = ::read(fd, room.data(), room.size());
///   if (n <= 0) break;
///   buffer.commit(static_cast<std::size_t>(n));
/// }
/// SecretValue value = std::move(buffer).finish();
/// ```
/// Thread safety: as for `std::string`. Whatever grows may throw `std::bad_alloc`, with the contents
/// unchanged; it invalidates views, spans and pointers obtained before.
class LOCKET_EXPORT SecretBuffer {
 public:
  /// An empty buffer; takes no memory.
  SecretBuffer() noexcept = default;

  /// The moved-from buffer is empty.
  SecretBuffer(SecretBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}

  /// Wipes what this buffer held; the moved-from buffer is empty. Assigning a buffer to itself changes
  /// nothing.
  SecretBuffer& operator=(SecretBuffer&& other) noexcept {
    SecretBuffer taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(capacity_, taken.capacity_);
    return *this;
  }

  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;

  /// Wipes the contents.
  ~SecretBuffer() { clear(); }

  /// Appends `bytes`, which may be a part of this buffer.
  void append(std::string_view bytes);

  void push_back(char byte);

  /// `size` writable bytes behind the contents, to be filled (say, by `read`) and then counted in with
  /// `commit`. They hold zeros or leftovers of this buffer's own. `size` may be 0.
  [[nodiscard]] std::span<char> prepare(std::size_t size);

  /// Appends the first `size` bytes of what the last `prepare` returned; `size` must not exceed what it was
  /// asked for.
  void commit(std::size_t size) noexcept;

  /// Sets the size to `size`: grows with zero bytes, or truncates.
  void resize(std::size_t size);

  /// Drops and wipes what is behind the first `size` bytes; changes nothing when there are no more than that.
  void truncate(std::size_t size) noexcept;

  /// Makes room for `size` bytes in all, so that growing up to there copies nothing.
  void reserve(std::size_t size);

  /// The contents; valid until the buffer grows, or is moved from, cleared, finished or destroyed.
  [[nodiscard]] std::string_view view() const noexcept { return {data_ == nullptr ? "" : data_, size_}; }

  /// The contents, to be changed in place (say, parsed in situ); null while the buffer never held anything.
  [[nodiscard]] char* data() noexcept { return data_; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// Wipes everything and gives the memory back.
  void clear() noexcept {
    if (data_ != nullptr) release();
  }

  /// The contents as a value; the buffer is empty afterwards. The block is handed over as it is, unless more
  /// than half of it would be wasted: then the bytes move to a smaller one, and the old one is wiped. Never
  /// throws: when there is no memory for a smaller block, the bigger one is handed over.
  [[nodiscard]] SecretValue finish() && noexcept;

 private:
  /// The same contents in a block with room for `size` bytes, at least twice the present one.
  SecretBuffer grown(std::size_t size) const;
  SecretValue hand_over() noexcept;
  void release() noexcept;

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  ///< Bytes that fit, without the one that is kept for the NUL of `finish`.
};

}  // namespace locket::inline v1
