#pragma once

#include <memory>
#include <new>
#include <type_traits>

#include <curl/curl.h>

/// libcurl's handles, owned.
namespace locket::inline v1::http {

template <auto Release>
struct Releases {
  template <class Handle>
  void operator()(Handle* handle) const noexcept {
    (void)Release(handle);
  }
};

using Multi = std::unique_ptr<CURLM, Releases<&::curl_multi_cleanup>>;
using Share = std::unique_ptr<CURLSH, Releases<&::curl_share_cleanup>>;

/// One transfer's handle. Throws std::bad_alloc when libcurl has no memory.
class Easy {
 public:
  Easy() : handle_(::curl_easy_init()) {
    if (!handle_) throw std::bad_alloc();
  }

  /// What libcurl copies, it may have no memory for; what it does not know is left to `failure`.
  template <class Value>
  void set(CURLoption option, Value value) {
    static_assert(std::is_same_v<Value, long> || std::is_pointer_v<Value>, "libcurl reads what it is given unseen");
    const CURLcode code = ::curl_easy_setopt(handle_.get(), option, value);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (code != CURLE_OK && failure_ == CURLE_OK) failure_ = code;
  }

  /// The first option that libcurl refused, as a code.
  CURLcode failure() const noexcept { return failure_; }
  CURL* get() const noexcept { return handle_.get(); }

 private:
  std::unique_ptr<CURL, Releases<&::curl_easy_cleanup>> handle_;
  CURLcode failure_ = CURLE_OK;
};

}  // namespace locket::inline v1::http
