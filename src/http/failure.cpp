#include "http/failure.hpp"

#include <array>
#include <new>

#include <curl/curl.h>
#include <fmt/format.h>

#include "http/tls_failure.hpp"

namespace locket::inline v1::http {
namespace {

// CURLE_TOO_LARGE, since 8.6. Older ones say that they have no memory when it is a header's line that is too long.
constexpr int too_large = 100;

struct Known {
  int code;
  ErrorCode kind;
  const char* reason;
  const char* message;  // behind the origin and a colon
  const char* hint;
};

constexpr std::array<Known, 16> known = {{
    {CURLE_COULDNT_RESOLVE_HOST, ErrorCode::Network, "http.dns", "there is no such host",
     "check the address, and this machine's name servers"},
    {CURLE_COULDNT_RESOLVE_PROXY, ErrorCode::Network, "http.dns", "the proxy's host is not known",
     "check the proxy's address"},
    {CURLE_COULDNT_CONNECT, ErrorCode::Network, "http.connect", "nothing answers there",
     "check host and port, that the server runs, and that no firewall is between"},
    {CURLE_INTERFACE_FAILED, ErrorCode::Network, "http.connect", "no connection can be made", "check the network"},
    {CURLE_SEND_ERROR, ErrorCode::Network, "http.reset", "the connection broke while the request was sent", ""},
    {CURLE_RECV_ERROR, ErrorCode::Network, "http.reset", "the connection broke before the answer was whole", ""},
    {CURLE_GOT_NOTHING, ErrorCode::Network, "http.reset", "the connection was closed without an answer",
     "a server that expects https:// does that, too"},
    {CURLE_SEND_FAIL_REWIND, ErrorCode::Network, "http.reset", "the connection broke while the request was sent", ""},
    {CURLE_ABORTED_BY_CALLBACK, ErrorCode::Network, "http.reset", "the connection broke before the answer came", ""},
    {CURLE_PARTIAL_FILE, ErrorCode::Network, "http.truncated", "the answer ended too early", ""},
    {CURLE_WEIRD_SERVER_REPLY, ErrorCode::MalformedResponse, "http.protocol", "what answers there does not speak HTTP",
     "check host and port"},
    {CURLE_UNSUPPORTED_PROTOCOL, ErrorCode::MalformedResponse, "http.protocol",
     "what answers there does not speak HTTP", "check host and port"},
    {CURLE_HTTP2, ErrorCode::Network, "http.reset", "the connection broke", ""},
    {CURLE_HTTP2_STREAM, ErrorCode::Network, "http.reset", "the connection broke", ""},
    {CURLE_PROXY, ErrorCode::Network, "http.connect", "the proxy makes no connection", "check the proxy"},
    {too_large, ErrorCode::MalformedResponse, "http.head_too_large", "the head of the answer is too large",
     "check that the address is the service's"},
}};

const Known* find(int code) noexcept {
  for (const Known& one : known) {
    if (one.code == code) return &one;
  }
  return nullptr;
}

std::string about(const Asked& asked, std::string_view what) {
  return fmt::format("{}: {}", asked.origin, what);
}

}  // namespace

Error lost(ErrorCode code, std::string reason, std::string message, std::string hint, const Asked& asked, bool sent) {
  return Error({.code = code,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint),
                .effect = sent && asked.purpose != Purpose::Read ? Effect::Unknown : Effect::None});
}

Error cancelled(const Asked& asked, bool sent) {
  return lost(ErrorCode::Cancelled, "call.cancelled", "the call was cancelled", "", asked, sent);
}

Error timed_out(const Asked& asked, bool sent) {
  return lost(ErrorCode::Timeout, "http.timeout",
              about(asked, sent ? "the answer did not come in time" : "no connection was made in time"),
              sent ? "try again, or allow more time" : "check host and port, and that no firewall is between", asked,
              sent);
}

Error error_of(const Failure& failure, const Asked& asked) {
  if (failure.code == CURLE_OUT_OF_MEMORY) {
    if (!failure.sent) throw std::bad_alloc();
    return error_of({.code = too_large, .sent = true}, asked);
  }
  if (failure.code == CURLE_OPERATION_TIMEDOUT) return timed_out(asked, failure.sent);
  if (const auto tls = tls_error(failure, asked)) return *tls;
  if (const Known* one = find(failure.code)) {
    return lost(one->kind, one->reason, about(asked, one->message), one->hint, asked, failure.sent);
  }
  return lost(ErrorCode::Network, "http.failed", about(asked, fmt::format("libcurl's error {}", failure.code)), "",
              asked, failure.sent);
}

}  // namespace locket::inline v1::http
