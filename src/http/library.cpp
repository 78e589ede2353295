#include "http/library.hpp"

#include <new>
#include <string_view>

#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include "http/allocator.hpp"

namespace locket::inline v1::http {
namespace {

// libcurl keeps our functions, and whoever else uses it does not know: the library with them in it must not be unloaded
// before the process ends. Where that is the program itself there is nothing to do, and dlopen fails.
void stay_loaded() {
  Dl_info found = {};
  if (::dladdr(reinterpret_cast<const void*>(&wiping::release), &found) == 0) return;
  (void)::dlopen(found.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

bool allocates_here() {
  const std::size_t before = wiping::count();
  ::curl_free(::curl_easy_escape(nullptr, "a", 1));
  return wiping::count() != before;
}

struct Started {
  CURLcode code = CURLE_OK;
  bool wipes = false;
};

const Started& started() {
  static const Started once = [] {
    const CURLcode code = ::curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping::allocate, wiping::release,
                                                 wiping::reallocate, wiping::duplicate, wiping::allocate_zeroed);
    const Started result{.code = code, .wipes = code == CURLE_OK && allocates_here()};
    if (result.wipes) stay_loaded();
    return result;
  }();
  return once;
}

Error unfit(std::string message) {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "http.libcurl",
                .message = std::move(message),
                .hint = "link libcurl 7.87 or newer, built with OpenSSL"});
}

}  // namespace

Result<void> start_library() {
  if (started().code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (started().code != CURLE_OK) return unfit("libcurl does not start");
  const auto* const version = ::curl_version_info(CURLVERSION_NOW);
  if (version->version_num < 0x075700) return unfit(fmt::format("libcurl {} is too old", version->version));
  const std::string_view tls = version->ssl_version == nullptr ? "" : version->ssl_version;
  // "OpenSSL/3.0.15", or with others before it where libcurl has several.
  if (!tls.starts_with("OpenSSL") && !tls.starts_with("LibreSSL") && !tls.starts_with("BoringSSL")) {
    return unfit(fmt::format("libcurl uses '{}' for TLS", tls));
  }
  return {};
}

bool library_wipes() noexcept {
  return started().wipes;
}

}  // namespace locket::inline v1::http
