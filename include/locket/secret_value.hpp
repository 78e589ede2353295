#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// The bytes of one secret: any bytes, any length, also none.
///
/// They live in memory of their own: between guard pages, kept out of core dumps, locked against swapping as
/// far as the system's limit (`RLIMIT_MEMLOCK`) allows, and wiped when the value is destroyed, assigned to,
/// or cleared. A value is moved, never copied by accident: `clone()` says it. Nothing but `expose()` reads
/// the bytes, so that a search for that word finds every place where a secret leaves its case; streams print
/// `***`.
///
/// Thread safety: as for `std::string`; const methods may run at once, and values are independent of each
/// other. After `fork` the child reads the values that it inherited, and may destroy them and make new ones.
/// No method throws but `std::bad_alloc`, where said.
class LOCKET_EXPORT SecretValue {
 public:
  /// An empty value; takes no memory.
  SecretValue() noexcept = default;

  /// Copies `bytes`, which stay where they are: wiping the source is the caller's part (see `take`).
  /// Throws `std::bad_alloc` when no memory can be had.
  explicit SecretValue(std::string_view bytes);

  /// Copies `bytes` and then wipes the whole capacity of the source, which is left empty; also when it throws
  /// `std::bad_alloc`, for then the secret has nobody left to wipe it.
  [[nodiscard]] static SecretValue take(std::string&& bytes);

  /// The moved-from value is empty.
  SecretValue(SecretValue&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

  /// Wipes what this value held; the moved-from value is empty. Assigning a value to itself changes nothing.
  SecretValue& operator=(SecretValue&& other) noexcept {
    SecretValue taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    return *this;
  }

  SecretValue(const SecretValue&) = delete;
  SecretValue& operator=(const SecretValue&) = delete;

  ~SecretValue() { clear(); }

  /// The bytes: the only way to read them. Valid until the value is moved from, assigned to, cleared or
  /// destroyed.
  ///
  /// A NUL byte follows the last byte (it is not part of the view, and the bytes may hold others), so that
  /// `expose().data()` can be given to C functions; never null, also when empty. Whoever copies what this
  /// returns wipes the copy (`wipe.hpp`).
  [[nodiscard]] std::string_view expose() const noexcept { return {data_ == nullptr ? "" : data_, size_}; }

  /// The number of bytes, without the NUL byte that follows them.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// A second value with the same bytes. Throws `std::bad_alloc`.
  [[nodiscard]] SecretValue clone() const { return SecretValue(expose()); }

  /// Wipes the bytes and becomes empty.
  void clear() noexcept {
    if (data_ != nullptr) release();
  }

  /// Whether both hold the same bytes, in a time that depends on the lengths alone: how many of the bytes
  /// agree cannot be measured. That the lengths differ can be: they are not kept secret.
  [[nodiscard]] bool operator==(const SecretValue& other) const noexcept;

  /// Prints `***`, whatever the value, also when it is empty.
  LOCKET_EXPORT friend std::ostream& operator<<(std::ostream& out, const SecretValue& value);

 private:
  friend class SecretBuffer;

  /// Becomes the owner of a block of the arena with `size` bytes and a NUL byte behind them.
  SecretValue(char* block, std::size_t size) noexcept : data_(block), size_(size) {}

  void release() noexcept;

  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace locket::inline v1
