#include "http/tls_failure.hpp"

#include <array>

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/x509_vfy.h>

namespace locket::inline v1::http {
namespace {

struct Story {
  const char* reason;
  const char* message;
  const char* hint;
  ErrorCode code = ErrorCode::Network;
};

constexpr Story untrusted = {.reason = "http.tls_untrusted",
                             .message = "its certificate is not signed by an authority that is trusted here",
                             .hint =
                                 "name a file with the certificate of the authority that signed it: ca=/path/to/ca.pem "
                                 "in the store's URL, or VAULT_CACERT"};
constexpr Story self_signed = {
    .reason = "http.tls_self_signed",
    .message = "its certificate is signed by itself",
    .hint =
        "if it is the right server, name a file with that certificate: ca=/path/to/ca.pem in "
        "the store's URL, or VAULT_CACERT"};
constexpr Story expired = {.reason = "http.tls_expired",
                           .message = "its certificate, or one that signed it, has expired",
                           .hint = "renew the server's certificate, or put this machine's clock right"};
constexpr Story not_yet = {.reason = "http.tls_expired",
                           .message = "its certificate, or one that signed it, is not valid yet",
                           .hint = "put this machine's clock right"};
constexpr Story wrong_host = {.reason = "http.tls_host",
                              .message = "its certificate is for another host",
                              .hint = "use the name that stands in the certificate, or have it made for this one"};
constexpr Story version = {.reason = "http.tls_version",
                           .message = "it offers no version of TLS or no cipher that is still safe",
                           .hint = "let the server speak TLS 1.2 or newer"};
constexpr Story not_tls = {.reason = "http.tls_not_tls",
                           .message = "what answers there does not speak TLS",
                           .hint = "check the port; http:// is for servers on this machine"};
constexpr Story refused = {.reason = "http.tls_client_certificate",
                           .message = "it refuses our client certificate, or wants one",
                           .hint = "give the client certificate and key that the server trusts"};
constexpr Story unusable = {.reason = "http.client_certificate",
                            .message = "our client certificate and key cannot be used",
                            .hint = "check that the key belongs to the certificate, and that both are in PEM",
                            .code = ErrorCode::InvalidArgument};
constexpr Story bad_ca = {.reason = "http.file",
                          .message = "the CA certificates cannot be read",
                          .hint = "name a file with certificates in PEM",
                          .code = ErrorCode::InvalidArgument};
constexpr Story other = {.reason = "http.tls",
                         .message = "no safe connection could be made",
                         .hint = "look at it with `openssl s_client -connect HOST:PORT`"};

const Story& certificate_story(long verification) noexcept {
  switch (verification) {
    case X509_V_OK:  // the chain is good, so it was the name; libcurl looks at that one first
    case X509_V_ERR_UNSPECIFIED:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return wrong_host;
    case X509_V_ERR_CERT_HAS_EXPIRED: return expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return not_yet;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return self_signed;
    default: return untrusted;
  }
}

struct Sign {
  std::string_view words;
  const Story* story;
};

// What OpenSSL 1.1 to 3.x says, and libcurl hands on.
constexpr std::array<Sign, 15> signs = {{
    {.words = "protocol version", .story = &version},
    {.words = "unsupported protocol", .story = &version},
    {.words = "no protocols available", .story = &version},
    {.words = "no shared cipher", .story = &version},
    {.words = "dh key too small", .story = &version},
    {.words = "wrong version number", .story = &not_tls},
    {.words = "packet length too long", .story = &not_tls},
    {.words = "record layer failure", .story = &not_tls},
    {.words = "certificate required", .story = &refused},
    {.words = "bad certificate", .story = &refused},
    {.words = "unknown ca", .story = &refused},
    {.words = "certificate unknown", .story = &refused},
    {.words = "certificate expired", .story = &refused},
    {.words = "certificate revoked", .story = &refused},
    {.words = "handshake failure", .story = &version},
}};

const Story* by_words(std::string_view text) noexcept {
  for (const Sign& sign : signs) {
    if (text.find(sign.words) != std::string_view::npos) return sign.story;
  }
  return nullptr;
}

// A connection that breaks in the middle of a handshake is a broken connection.
bool broke(std::string_view text) noexcept {
  return text.find("SYSCALL") != std::string_view::npos || text.find("reset") != std::string_view::npos ||
         text.find("unexpected eof") != std::string_view::npos || text.find("Broken pipe") != std::string_view::npos;
}

Error told(const Story& story, const Asked& asked, bool sent) {
  Error error =
      lost(story.code, story.reason, fmt::format("{}: {}", asked.origin, story.message), story.hint, asked, sent);
  error.details().retryable = false;
  return error;
}

}  // namespace

std::optional<Error> tls_error(const Failure& failure, const Asked& asked) {
  switch (failure.code) {
    case CURLE_PEER_FAILED_VERIFICATION: return told(certificate_story(failure.verification), asked, failure.sent);
    case CURLE_SSL_CERTPROBLEM: return told(unusable, asked, failure.sent);
    case CURLE_SSL_CACERT_BADFILE: return told(bad_ca, asked, failure.sent);
    case CURLE_SSL_CIPHER: return told(version, asked, failure.sent);
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return told(untrusted, asked, failure.sent);
    case CURLE_SSL_CONNECT_ERROR:
    // TLS 1.3: the server says after the handshake what it thinks of our certificate.
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: break;
    default: return std::nullopt;
  }
  if (const Story* story = by_words(failure.text)) return told(*story, asked, failure.sent);
  if (failure.code != CURLE_SSL_CONNECT_ERROR) return std::nullopt;
  if (!broke(failure.text)) return told(other, asked, failure.sent);
  return lost(ErrorCode::Network, "http.reset",
              fmt::format("{}: the connection broke before it was safe", asked.origin), "", asked, failure.sent);
}

}  // namespace locket::inline v1::http
