#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <curl/curl.h>

#include <locket/result.hpp>
#include <locket/transport.hpp>

#include "http/answer.hpp"
#include "http/failure.hpp"
#include "http/handles.hpp"
#include "http/identity.hpp"
#include "http/origin.hpp"
#include "http/settings.hpp"
#include "http/sockets.hpp"

namespace locket::inline v1::http {

/// What all transfers of a pool have in common. The identity and the share outlive them.
struct Common {
  const Settings* settings = nullptr;
  const Identity* identity = nullptr;
  CURLSH* share = nullptr;
};

/// One request on its way: libcurl's handle for it, and what arrives. libcurl keeps pointers into it, so it stays where
/// it is.
class Transfer {
 public:
  /// `request`, `origin` and `sockets` are borrowed until it is destroyed. `deadline` is when it must have ended.
  Transfer(const Request& request, const Origin& origin, const Common& common, Sockets& sockets, MachineTime deadline);
  ~Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Whether libcurl took all options: where it did not, nothing may be sent. NotSupported: "http.libcurl".
  Result<void> ready() const;
  CURL* handle() const noexcept { return easy_.get(); }
  /// Whether something of the request may have left.
  bool sent() const noexcept { return connected_ > 0; }
  MachineTime deadline() const noexcept { return deadline_; }

  /// The answer, after libcurl ended the transfer with `code`. Throws std::bad_alloc when there was no memory for it.
  Result<Response> finish(CURLcode code, Clock::Wall now);

 private:
  static Transfer& self(void* data) noexcept { return *static_cast<Transfer*>(data); }
  static std::size_t on_head(char* line, std::size_t, std::size_t size, void* data) noexcept;
  static std::size_t on_body(char* piece, std::size_t, std::size_t size, void* data) noexcept;
  static int on_connected(void* data, char*, char*, int, int) noexcept;
  static curl_socket_t on_socket(void* data, curlsocktype, curl_sockaddr* address) noexcept;
  static CURLcode on_tls(CURL*, void* context, void*) noexcept;
  template <class Take>
  std::size_t take(std::size_t size, Take taken) noexcept;

  Response take_answer(Clock::Wall now);
  void set_target(const Request& request);
  void set_method(const Request& request);
  void set_head(const Request& request);
  void set_rules(const Settings& settings);
  void set_tls(const Identity& identity);
  void set_proxy(const Settings& settings);
  void set_blob(CURLoption option, const SecretBuffer& pem);
  void add_line(std::string_view name, std::string_view separator, std::string_view value);

  Easy easy_;
  const Origin* origin_;
  Sockets* sockets_;
  Asked asked_;
  MachineTime deadline_;
  Answer answer_;
  bool once_;          // libcurl may not send it again by itself
  int connected_ = 0;  // how often a connection was ready for the request
  bool no_memory_ = false;
  bool refused_socket_ = false;
  std::string method_;
  SecretBuffer head_;              // all lines, each with a NUL
  std::vector<curl_slist> lines_;  // into it
  std::array<char, CURL_ERROR_SIZE> words_ = {};
};

}  // namespace locket::inline v1::http
