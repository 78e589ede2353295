#include "http/escape.hpp"

#include <limits>
#include <memory>
#include <new>

#include <curl/curl.h>

#include "http/library.hpp"

namespace locket::inline v1::http {

std::string escape(std::string_view text) {
  // For 0 libcurl counts itself, up to a NUL; more than it can count nobody means to put into a URL.
  if (text.empty()) return {};
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw std::bad_alloc();
  (void)library_wipes();  // sees to it that libcurl is ready
  const std::unique_ptr<char, decltype(&::curl_free)> escaped(
      ::curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), &::curl_free);
  if (!escaped) throw std::bad_alloc();
  return escaped.get();
}

}  // namespace locket::inline v1::http
