#include "http/sockets.hpp"

#include <algorithm>
#include <new>

#include <sys/socket.h>
#include <unistd.h>

namespace locket::inline v1::http {

curl_socket_t Sockets::open(const curl_sockaddr& address) noexcept {
  try {
    open_.reserve(open_.size() + 1);
  } catch (const std::bad_alloc&) {
    return CURL_SOCKET_BAD;  // it must not fly through C
  }
  const curl_socket_t socket = ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  if (socket != CURL_SOCKET_BAD) open_.push_back(socket);
  return socket;
}

bool Sockets::have_input() const noexcept {
  return std::ranges::any_of(open_, [](curl_socket_t socket) {
    char first = 0;
    return ::recv(socket, &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  });
}

int Sockets::close(void* sockets, curl_socket_t socket) noexcept {
  std::erase(static_cast<Sockets*>(sockets)->open_, socket);
  return ::close(socket);
}

}  // namespace locket::inline v1::http
