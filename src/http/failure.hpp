#pragma once

#include <string>
#include <string_view>

#include <locket/result.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::http {

/// What is known of a transfer that brought no whole answer. Plain data, so that the mapping can be tested without a
/// connection.
struct Failure {
  int code = 0;                // libcurl's
  long verification = 0;       // OpenSSL's X509_V_ERR_…
  bool sent = false;           // the connection was ready, and something of the request may have left
  std::string_view text = {};  // libcurl's and OpenSSL's words: looked at, never told
};

/// What an error says besides its kind.
struct Asked {
  std::string_view origin = {};
  Purpose purpose = Purpose::Read;
};

/// The error for `failure`, as `transport.hpp` lists them.
Error error_of(const Failure& failure, const Asked& asked);

/// An error of the kind with the effect that a request has that may (`sent`) have left.
Error lost(ErrorCode code, std::string reason, std::string message, std::string hint, const Asked& asked, bool sent);

/// The call was cancelled, or its time is over.
Error cancelled(const Asked& asked, bool sent);
Error timed_out(const Asked& asked, bool sent);
/// Its time was over before a connection was free for it: that says nothing about the server.
constexpr std::string_view no_connection_free_reason = "http.busy";
Error no_connection_free(const Asked& asked);

}  // namespace locket::inline v1::http
