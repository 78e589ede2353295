#pragma once

#include <locket/result.hpp>

namespace locket::inline v1::http {

/// Makes libcurl ready, once in a process and never undone: others may use it, too. May be called from any thread.
/// NotSupported (reason "http.libcurl"): it is older than 7.87, or was built without OpenSSL.
Result<void> start_library();

/// Whether what libcurl gives back is wiped: yes, unless the program had initialized libcurl before locket did. Then
/// the head of a request, and the last piece of an answer, may stay in freed memory.
bool library_wipes() noexcept;

}  // namespace locket::inline v1::http
