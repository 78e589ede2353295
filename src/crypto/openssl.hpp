#pragma once

#include <memory>
#include <string_view>

#include <locket/error.hpp>

struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;

namespace locket::inline v1::crypto {

/// Free what OpenSSL made, and wipe the key schedules in it.
struct FreeCipherContext {
  void operator()(evp_cipher_ctx_st* context) const noexcept;
};
struct FreeMacContext {
  void operator()(evp_mac_ctx_st* context) const noexcept;
};
using CipherContext = std::unique_ptr<evp_cipher_ctx_st, FreeCipherContext>;
using MacContext = std::unique_ptr<evp_mac_ctx_st, FreeMacContext>;

/// Internal, reason "crypto.openssl": the OpenSSL function `call` failed. Says OpenSSL's error by its number only,
/// because its texts may quote arguments, and empties OpenSSL's queue of errors, which the next user of this thread
/// (a TLS connection, say) would take for its own.
Error openssl_error(std::string_view call);

/// Empties OpenSSL's queue of this thread after a failure that was expected (a tag that is not right).
void forget_openssl_errors() noexcept;

}  // namespace locket::inline v1::crypto
