#pragma once

#include <vector>

#include <curl/curl.h>

namespace locket::inline v1::http {

/// A channel's connections as the system sees them: libcurl does not tell of those that it keeps. It calls back here
/// until they are closed, so this stays where it is and lives longer.
class Sockets {
 public:
  Sockets() = default;
  ~Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  /// One that programs which are started from this one do not inherit; CURL_SOCKET_BAD when there is none to be had.
  curl_socket_t open(const curl_sockaddr& address) noexcept;
  /// Whether something has arrived on one of them.
  bool have_input() const noexcept;

  /// Libcurl's callback, with the Sockets as its data.
  static int close(void* sockets, curl_socket_t socket) noexcept;

 private:
  std::vector<curl_socket_t> open_;
};

}  // namespace locket::inline v1::http
