#pragma once

#include <cstddef>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include <curl/curl.h>

/// What a program without locket would do with libcurl: handles that are kept, and so are their connections. The same
/// requests, TLS verified, bodies collected; nothing is parsed, wiped or tried again.
namespace bare {

struct Server {
  std::string token = {};
  std::string ca_file = {};
};

class Handle {
 public:
  explicit Handle(const Server& server) : easy_(::curl_easy_init()) {
    lines_ = ::curl_slist_append(nullptr, ("X-Vault-Token: " + server.token).c_str());
    lines_ = ::curl_slist_append(lines_, "X-Vault-Request: true");
    ::curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, lines_);
    ::curl_easy_setopt(easy_, CURLOPT_CAINFO, server.ca_file.c_str());
    ::curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    ::curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Handle::take);
    ::curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    ::curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  }
  ~Handle() {
    ::curl_easy_cleanup(easy_);
    ::curl_slist_free_all(lines_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURL* easy() const noexcept { return easy_; }
  void aim(const std::string& url) {
    body_.clear();
    ::curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  }
  /// Throws unless the answer is a secret.
  void check(CURLcode code) const {
    long status = 0;
    ::curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200 || body_.empty()) throw std::runtime_error("libcurl alone reads nothing");
  }
  const std::string& read(const std::string& url) {
    aim(url);
    check(::curl_easy_perform(easy_));
    return body_;
  }

 private:
  static std::size_t take(char* piece, std::size_t, std::size_t size, void* self) {
    static_cast<Handle*>(self)->body_.append(piece, size);
    return size;
  }

  CURL* easy_;
  curl_slist* lines_ = nullptr;
  std::string body_;
};

/// Up to eight requests at once.
class Many {
 public:
  explicit Many(const Server& server) : multi_(::curl_multi_init()) {
    for (int i = 0; i < 8; ++i) handles_.emplace_back(server);
    ::curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(handles_.size()));
  }
  ~Many() { ::curl_multi_cleanup(multi_); }
  Many(const Many&) = delete;
  Many& operator=(const Many&) = delete;

  void read(const std::vector<std::string>& urls) {
    std::size_t next = 0;
    std::size_t busy = 0;
    const auto begin = [&](Handle& handle) {
      if (next == urls.size()) return;
      handle.aim(urls[next++]);
      ::curl_multi_add_handle(multi_, handle.easy());
      ++busy;
    };
    for (Handle& handle : handles_) begin(handle);
    while (busy > 0) {
      int running = 0;
      ::curl_multi_perform(multi_, &running);
      int left = 0;
      while (const CURLMsg* message = ::curl_multi_info_read(multi_, &left)) {
        const CURLcode code = message->data.result;
        Handle* handle = nullptr;
        ::curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &handle);
        ::curl_multi_remove_handle(multi_, handle->easy());
        handle->check(code);
        --busy;
        begin(*handle);
      }
      if (busy > 0) ::curl_multi_poll(multi_, nullptr, 0, 1'000, nullptr);
    }
  }

 private:
  CURLM* multi_;
  std::deque<Handle> handles_;
};

}  // namespace bare
