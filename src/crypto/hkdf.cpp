#include "crypto/hkdf.hpp"

#include <array>
#include <string>

#include <openssl/core_names.h>

#include "crypto/kdf.hpp"
#include "crypto/openssl.hpp"

namespace locket::inline v1::crypto {
namespace {

constexpr std::size_t max_info = 1024;
constexpr std::size_t max_output = 255 * sizeof(Digest);

}  // namespace

Result<void> hkdf_sha256(Bytes secret, Bytes salt, Bytes info, std::span<std::byte> out) {
  if (secret.empty() || info.size() > max_info || out.empty() || out.size() > max_output) {
    return Error({.code = ErrorCode::InvalidArgument,
                  .message = "HKDF-SHA256 needs a secret, at most 1,024 bytes of info and 1 to 8,160 bytes to fill"});
  }
  std::string digest = OSSL_DIGEST_NAME_SHA2_256;
  const std::array params = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
      octets(OSSL_KDF_PARAM_KEY, secret),
      octets(OSSL_KDF_PARAM_SALT, salt),
      octets(OSSL_KDF_PARAM_INFO, info),
      OSSL_PARAM_construct_end(),
  };
  const char* failed = run_kdf(OSSL_KDF_NAME_HKDF, params.data(), out);
  if (failed != nullptr) return openssl_error(failed);
  return {};
}

Result<Key> derive_key(const Key& root, Bytes salt, Bytes info) {
  return Key::make([&](std::span<std::byte> out) { return hkdf_sha256(root.bytes(), salt, info, out); });
}

}  // namespace locket::inline v1::crypto
