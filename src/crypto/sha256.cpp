#include "crypto/sha256.hpp"

#include <memory>

#include <openssl/evp.h>

#include "crypto/openssl.hpp"

namespace locket::inline v1::crypto {
namespace {

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

}  // namespace

Result<Digest> sha256(Parts parts) {
  std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context(EVP_MD_CTX_new());
  if (!context) return openssl_error("EVP_MD_CTX_new");
  if (EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return openssl_error("EVP_DigestInit_ex");
  for (Bytes part : parts) {
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) return openssl_error("EVP_DigestUpdate");
  }
  Digest out;
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context.get(), room_of(out), &size) != 1 || size != out.size()) {
    return openssl_error("EVP_DigestFinal_ex");
  }
  return out;
}

}  // namespace locket::inline v1::crypto
