#include <locket/secret_value.hpp>

#include <new>
#include <ostream>

#include <locket/wipe.hpp>

#include "core/arena.hpp"
#include "core/secret_copy.hpp"

namespace locket::inline v1 {

SecretValue::SecretValue(std::string_view bytes) {
  if (bytes.empty()) return;
  data_ = static_cast<char*>(arena::allocate(bytes.size() + 1));  // zeroed, so the NUL is there
  size_ = bytes.size();
  copy_secret(data_, bytes.data(), bytes.size());
}

SecretValue SecretValue::take(std::string&& bytes) {
  try {
    SecretValue value(bytes);
    wipe(bytes);
    return value;
  } catch (const std::bad_alloc&) {
    wipe(bytes);
    throw;
  }
}

void SecretValue::release() noexcept {
  arena::release(std::exchange(data_, nullptr), std::exchange(size_, 0) + 1);
}

bool SecretValue::operator==(const SecretValue& other) const noexcept {
  if (size_ != other.size_) return false;
  // Volatile, so that the compiler cannot stop at the first difference.
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    difference = static_cast<unsigned char>(difference | (data_[i] ^ other.data_[i]));
  }
  return difference == 0;
}

std::ostream& operator<<(std::ostream& out, const SecretValue& /*value*/) {
  return out << "***";
}

}  // namespace locket::inline v1
