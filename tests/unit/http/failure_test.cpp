#include "http/failure.hpp"

#include <new>

#include <catch2/catch_test_macros.hpp>
#include <curl/curl.h>
#include <openssl/x509_vfy.h>

namespace http = locket::http;
using locket::Effect;
using locket::ErrorCode;

namespace {

locket::Error error_of(const http::Failure& failure, http::Purpose purpose = http::Purpose::Read) {
  return http::error_of(failure, {.origin = "https://vault.example:8200", .purpose = purpose});
}
std::string reason(const http::Failure& failure) {
  return error_of(failure).reason();
}

}  // namespace

TEST_CASE("what libcurl says becomes a kind, a reason, and what to do") {
  CHECK(reason({.code = CURLE_COULDNT_RESOLVE_HOST}) == "http.dns");
  CHECK(reason({.code = CURLE_COULDNT_CONNECT}) == "http.connect");
  CHECK(reason({.code = CURLE_GOT_NOTHING, .sent = true}) == "http.reset");
  CHECK(reason({.code = CURLE_PARTIAL_FILE, .sent = true}) == "http.truncated");
  CHECK(reason({.code = CURLE_OPERATION_TIMEDOUT}) == "http.timeout");
  CHECK(reason({.code = CURLE_WEIRD_SERVER_REPLY}) == "http.protocol");
  CHECK(reason({.code = CURLE_TELNET_OPTION_SYNTAX}) == "http.failed");
  const locket::Error error = error_of({.code = CURLE_COULDNT_RESOLVE_HOST});
  CHECK(error.code() == ErrorCode::Network);
  CHECK(error.retryable());
  CHECK(error.message() == "https://vault.example:8200: there is no such host");
  CHECK_FALSE(error.hint().empty());
}

TEST_CASE("only what was sent may have had an effect, and only what writes") {
  using enum http::Purpose;
  CHECK(error_of({.code = CURLE_RECV_ERROR, .sent = true}, Write).effect() == Effect::Unknown);
  CHECK(error_of({.code = CURLE_RECV_ERROR, .sent = true}, IdempotentWrite).effect() == Effect::Unknown);
  CHECK(error_of({.code = CURLE_RECV_ERROR, .sent = true}, Read).effect() == Effect::None);
  CHECK(error_of({.code = CURLE_COULDNT_CONNECT}, Write).effect() == Effect::None);
  CHECK(error_of({.code = CURLE_OPERATION_TIMEDOUT, .sent = true}, Write).effect() == Effect::Unknown);
}

TEST_CASE("no memory is thrown, but not when it is a server that makes libcurl say so") {
  CHECK_THROWS_AS(error_of({.code = CURLE_OUT_OF_MEMORY}), std::bad_alloc);
  CHECK(reason({.code = CURLE_OUT_OF_MEMORY, .sent = true}) == "http.head_too_large");
}

TEST_CASE("what OpenSSL says is looked at, and never told") {
  const auto handshake = [](const char* text) {
    const locket::Error error = error_of({.code = CURLE_SSL_CONNECT_ERROR, .text = text});
    CHECK(error.to_string().find("error:") == std::string::npos);
    return error.reason();
  };
  CHECK(handshake("error:0A00042E:SSL routines::tlsv1 alert protocol version") == "http.tls_version");
  CHECK(handshake("error:0A000102:SSL routines::unsupported protocol") == "http.tls_version");
  CHECK(handshake("error:0A00010B:SSL routines::wrong version number") == "http.tls_not_tls");
  CHECK(handshake("error:0A00045C:SSL routines::tlsv13 alert certificate required") == "http.tls_client_certificate");
  CHECK(handshake("OpenSSL SSL_connect: Connection reset by peer in connection to vault:8200") == "http.reset");
  CHECK(handshake("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to vault:8200") == "http.reset");
  CHECK(handshake("error:0A000126:SSL routines::unexpected eof while reading") == "http.reset");
  CHECK(handshake("error:something new") == "http.tls");
  // Our certificate is refused after the handshake, in TLS 1.3.
  CHECK(reason({.code = CURLE_RECV_ERROR, .sent = true, .text = "tlsv1 alert unknown ca"}) ==
        "http.tls_client_certificate");
  CHECK(reason({.code = CURLE_RECV_ERROR, .sent = true, .text = "Recv failure"}) == "http.reset");
}

TEST_CASE("each fault of a certificate has its own reason") {
  const auto certificate = [](long verification) {
    return reason({.code = CURLE_PEER_FAILED_VERIFICATION, .verification = verification});
  };
  CHECK(certificate(X509_V_ERR_CERT_HAS_EXPIRED) == "http.tls_expired");
  CHECK(certificate(X509_V_ERR_CERT_NOT_YET_VALID) == "http.tls_expired");
  CHECK(certificate(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT) == "http.tls_self_signed");
  CHECK(certificate(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN) == "http.tls_untrusted");
  CHECK(certificate(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY) == "http.tls_untrusted");
  CHECK(certificate(X509_V_OK) == "http.tls_host");
  CHECK(certificate(X509_V_ERR_HOSTNAME_MISMATCH) == "http.tls_host");
  CHECK_FALSE(error_of({.code = CURLE_PEER_FAILED_VERIFICATION}).retryable());
}
