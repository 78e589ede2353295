#include "crypto/hmac.hpp"

#include <array>
#include <memory>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>

namespace locket::inline v1::crypto {
namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
};

}  // namespace

Result<Hmac> Hmac::create(Bytes key) {
  if (key.empty()) return Error({.code = ErrorCode::InvalidArgument, .message = "a key for HMAC must not be empty"});
  std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  if (!mac) return openssl_error("EVP_MAC_fetch");
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  if (!context) return openssl_error("EVP_MAC_CTX_new");
  std::string digest = OSSL_DIGEST_NAME_SHA2_256;
  const std::array params = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_end(),
  };
  if (EVP_MAC_init(context.get(), data_of(key), key.size(), params.data()) != 1) return openssl_error("EVP_MAC_init");
  return Hmac(std::move(context));
}

Result<Digest> Hmac::mac(Parts parts) {
  if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1) return openssl_error("EVP_MAC_init");
  for (Bytes part : parts) {
    if (EVP_MAC_update(context_.get(), data_of(part), part.size()) != 1) return openssl_error("EVP_MAC_update");
  }
  Digest out;
  std::size_t size = 0;
  if (EVP_MAC_final(context_.get(), room_of(out), &size, out.size()) != 1 || size != out.size()) {
    return openssl_error("EVP_MAC_final");
  }
  return out;
}

Result<Hmac> Hmac::clone() const {
  MacContext copy(EVP_MAC_CTX_dup(context_.get()));
  if (!copy) return openssl_error("EVP_MAC_CTX_dup");
  return Hmac(std::move(copy));
}

Result<Digest> hmac_sha256(Bytes key, Parts parts) {
  Result<Hmac> hmac = Hmac::create(key);
  if (!hmac) return std::move(hmac).error();
  return hmac->mac(parts);
}

}  // namespace locket::inline v1::crypto
