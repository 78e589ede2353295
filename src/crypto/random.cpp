#include "crypto/random.hpp"

#include <openssl/rand.h>

#include <locket/wipe.hpp>

#include "crypto/bytes.hpp"
#include "crypto/openssl.hpp"

namespace locket::inline v1::crypto {

Result<void> random_bytes(std::span<std::byte> out) {
  // RAND_bytes_ex is RAND_bytes with a size_t; strength 0 asks for the generator's own.
  if (out.empty() || RAND_bytes_ex(nullptr, room_of(out), out.size(), 0) == 1) return {};
  wipe(out.data(), out.size());
  Error error = openssl_error("RAND_bytes");
  error.details().reason = "random.failed";
  return error;
}

Result<void> OpensslRandom::fill(std::span<std::byte> out) {
  return random_bytes(out);
}

}  // namespace locket::inline v1::crypto
