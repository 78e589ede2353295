#pragma once

#include <functional>
#include <string_view>

namespace locket::cli {

/// Calls `take` with what shows `value` in base64 (RFC 4648), in both alphabets: encoded by itself, with and without
/// padding, and in lines of 76 and of 64 characters; and what the base64 of a longer text has in common wherever
/// `value` stands in it (`user:password`), which is one of three texts, for a character holds 6 bits.
///
/// Of the characters that `value` shares with a neighbour nothing is known: up to 4 bits of its first and of its last
/// byte are in them. A view is valid during its call and lies in the arena.
void for_each_base64(std::string_view value, const std::function<void(std::string_view)>& take);

}  // namespace locket::cli
