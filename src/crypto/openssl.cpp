#include "crypto/openssl.hpp"

#include <array>
#include <cstdio>
#include <string>

#include <openssl/err.h>
#include <openssl/evp.h>

namespace locket::inline v1::crypto {

void FreeCipherContext::operator()(evp_cipher_ctx_st* context) const noexcept {
  EVP_CIPHER_CTX_free(context);
}

void FreeMacContext::operator()(evp_mac_ctx_st* context) const noexcept {
  EVP_MAC_CTX_free(context);
}

Error openssl_error(std::string_view call) {
  std::array<char, 24> code{};
  std::snprintf(code.data(), code.size(), "0x%lx", ERR_peek_last_error());
  forget_openssl_errors();
  return Error({.code = ErrorCode::Internal,
                .reason = "crypto.openssl",
                .message = "OpenSSL's " + std::string(call) + " failed with error " + code.data(),
                .hint = "see `openssl errstr` for the number; is OpenSSL's default provider loaded?"});
}

void forget_openssl_errors() noexcept {
  ERR_clear_error();
}

}  // namespace locket::inline v1::crypto
