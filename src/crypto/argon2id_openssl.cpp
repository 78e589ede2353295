// Argon2id on OpenSSL 3.2 or later.
#include <array>
#include <cstdint>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/proverr.h>

#include "crypto/argon2id_engine.hpp"
#include "crypto/kdf.hpp"
#include "crypto/openssl.hpp"

namespace locket::inline v1::crypto {
namespace {

Error failure(const char* call, const Argon2Params& params) {
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  if (reason != PROV_R_INVALID_MEMORY_SIZE && reason != ERR_R_MALLOC_FAILURE) return openssl_error(call);
  forget_openssl_errors();
  return no_memory_for_argon2(params);
}

}  // namespace

Result<void> argon2id_fill(const Argon2Input& input, std::span<std::byte> out) {
  Argon2Params cost = input.params;
  std::uint32_t threads = 1;
  std::uint32_t version = 0x13;
  const std::array params = {
      octets(OSSL_KDF_PARAM_PASSWORD, input.password),
      octets(OSSL_KDF_PARAM_SALT, input.salt),
      octets(OSSL_KDF_PARAM_SECRET, input.secret),
      octets(OSSL_KDF_PARAM_ARGON2_AD, input.context),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &cost.memory_kib),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &cost.passes),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &cost.lanes),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_THREADS, &threads),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_VERSION, &version),
      OSSL_PARAM_construct_end(),
  };
  // OpenSSL wipes the memory when it frees it.
  const char* failed = run_kdf("ARGON2ID", params.data(), out);
  if (failed != nullptr) return failure(failed, input.params);
  return {};
}

}  // namespace locket::inline v1::crypto
