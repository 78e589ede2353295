#pragma once

#include <cstddef>

/// An allocator with C's signatures that wipes what it gives back: what libcurl allocates holds tokens (the request's
/// head), and answers (its download buffer).
namespace locket::inline v1::http::wiping {

void* allocate(std::size_t size);
void* allocate_zeroed(std::size_t count, std::size_t size);
/// As realloc(3), but never in place: what stays behind is wiped.
void* reallocate(void* block, std::size_t size);
char* duplicate(const char* text);
void release(void* block);

/// How many blocks have been given out.
std::size_t count() noexcept;

}  // namespace locket::inline v1::http::wiping
