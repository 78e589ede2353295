#include "crypto/kdf.hpp"

#include <memory>

#include <openssl/kdf.h>

#include <locket/wipe.hpp>

namespace locket::inline v1::crypto {
namespace {

struct FreeKdf {
  void operator()(EVP_KDF* kdf) const noexcept { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const noexcept { EVP_KDF_CTX_free(context); }
};

}  // namespace

const char* run_kdf(const char* algorithm, const OSSL_PARAM* params, std::span<std::byte> out) {
  std::unique_ptr<EVP_KDF, FreeKdf> kdf(EVP_KDF_fetch(nullptr, algorithm, nullptr));
  std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  if (context && EVP_KDF_derive(context.get(), room_of(out), out.size(), params) == 1) return nullptr;
  wipe(out.data(), out.size());
  if (!kdf) return "EVP_KDF_fetch";
  return context ? "EVP_KDF_derive" : "EVP_KDF_CTX_new";
}

OSSL_PARAM octets(const char* name, Bytes bytes) {
  static constexpr std::byte nothing{};  // OpenSSL refuses a null pointer, even for no bytes
  const std::byte* data = bytes.empty() ? &nothing : bytes.data();
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::byte*>(data), bytes.size());
}

}  // namespace locket::inline v1::crypto
