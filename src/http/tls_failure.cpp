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
};

constexpr Story untrusted = {"http.tls_untrusted", "its certificate is not signed by an authority that is trusted here",
                             "set ca-file to the certificate of the authority that signed it"};
constexpr Story self_signed = {"http.tls_self_signed", "its certificate is signed by itself",
                               "if it is the right server, set ca-file to that certificate"};
constexpr Story expired = {"http.tls_expired", "its certificate, or one that signed it, has expired",
                           "renew the server's certificate, or put this machine's clock right"};
constexpr Story not_yet = {"http.tls_expired", "its certificate, or one that signed it, is not valid yet",
                           "put this machine's clock right"};
constexpr Story wrong_host = {"http.tls_host", "its certificate is for another host",
                              "use the name that stands in the certificate, or have it made for this one"};
constexpr Story version = {"http.tls_version", "it offers no version of TLS or no cipher that is still safe",
                           "let the server speak TLS 1.2 or newer"};
constexpr Story not_tls = {"http.tls_not_tls", "what answers there does not speak TLS",
                           "check the port; http:// is for servers on this machine"};
constexpr Story refused = {"http.tls_client_certificate", "it refuses our client certificate, or wants one",
                           "give the client certificate and key that the server trusts"};
constexpr Story unusable = {"http.client_certificate", "our client certificate and key cannot be used",
                            "check that the key belongs to the certificate, and that both are in PEM"};
constexpr Story bad_ca = {"http.file", "the CA certificates cannot be read", "name a file with certificates in PEM"};
constexpr Story other = {"http.tls", "no safe connection could be made",
                         "look at it with `openssl s_client -connect HOST:PORT`"};

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
    {"protocol version", &version},
    {"unsupported protocol", &version},
    {"no protocols available", &version},
    {"no shared cipher", &version},
    {"dh key too small", &version},
    {"wrong version number", &not_tls},
    {"packet length too long", &not_tls},
    {"record layer failure", &not_tls},
    {"certificate required", &refused},
    {"bad certificate", &refused},
    {"unknown ca", &refused},
    {"certificate unknown", &refused},
    {"certificate expired", &refused},
    {"certificate revoked", &refused},
    {"handshake failure", &version},
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
  Error error = lost(ErrorCode::Network, story.reason, fmt::format("{}: {}", asked.origin, story.message), story.hint,
                     asked, sent);
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
