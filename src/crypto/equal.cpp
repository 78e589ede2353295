#include "crypto/equal.hpp"

#include <openssl/crypto.h>

namespace locket::inline v1::crypto {

bool constant_time_equal(Bytes a, Bytes b) noexcept {
  if (a.size() != b.size()) return false;
  return a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace locket::inline v1::crypto
