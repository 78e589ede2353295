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
    {.code = CURLE_COULDNT_RESOLVE_HOST,
     .kind = ErrorCode::Network,
     .reason = "http.dns",
     .message = "there is no such host",
     .hint = "check the address, and this machine's name servers"},
    {.code = CURLE_COULDNT_RESOLVE_PROXY,
     .kind = ErrorCode::Network,
     .reason = "http.dns",
     .message = "the proxy's host is not known",
     .hint = "check the proxy's address"},
    {.code = CURLE_COULDNT_CONNECT,
     .kind = ErrorCode::Network,
     .reason = "http.connect",
     .message = "nothing answers there",
     .hint = "check host and port, that the server runs, and that no firewall is between"},
    {.code = CURLE_INTERFACE_FAILED,
     .kind = ErrorCode::Network,
     .reason = "http.connect",
     .message = "no connection can be made",
     .hint = "check the network"},
    {.code = CURLE_SEND_ERROR,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection broke while the request was sent",
     .hint = ""},
    {.code = CURLE_RECV_ERROR,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection broke before the answer was whole",
     .hint = ""},
    {.code = CURLE_GOT_NOTHING,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection was closed without an answer",
     .hint = "a server that expects https:// does that, too"},
    {.code = CURLE_SEND_FAIL_REWIND,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection broke while the request was sent",
     .hint = ""},
    {.code = CURLE_ABORTED_BY_CALLBACK,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection broke before the answer came",
     .hint = ""},
    {.code = CURLE_PARTIAL_FILE,
     .kind = ErrorCode::Network,
     .reason = "http.truncated",
     .message = "the answer ended too early",
     .hint = ""},
    {.code = CURLE_WEIRD_SERVER_REPLY,
     .kind = ErrorCode::MalformedResponse,
     .reason = "http.protocol",
     .message = "what answers there does not speak HTTP",
     .hint = "check host and port"},
    {.code = CURLE_UNSUPPORTED_PROTOCOL,
     .kind = ErrorCode::MalformedResponse,
     .reason = "http.protocol",
     .message = "what answers there does not speak HTTP",
     .hint = "check host and port"},
    {.code = CURLE_HTTP2,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection broke",
     .hint = ""},
    {.code = CURLE_HTTP2_STREAM,
     .kind = ErrorCode::Network,
     .reason = "http.reset",
     .message = "the connection broke",
     .hint = ""},
    {.code = CURLE_PROXY,
     .kind = ErrorCode::Network,
     .reason = "http.connect",
     .message = "the proxy makes no connection",
     .hint = "check the proxy"},
    {.code = too_large,
     .kind = ErrorCode::MalformedResponse,
     .reason = "http.head_too_large",
     .message = "the head of the answer is too large",
     .hint = "check that the address is the service's"},
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

Error no_connection_free(const Asked& asked) {
  return lost(ErrorCode::Timeout, std::string(no_connection_free_reason),
              about(asked, "no connection was free before the time was over"),
              "allow more time, or more connections at once", asked, false);
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
