#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace locket::cli {

/// Gets a text, and of how many characters at its beginning an earlier text was, so that who takes texts in pieces
/// need not take those again. A view is valid during the call and lies in the arena.
using TakeBase64 = std::function<void(std::string_view text, std::size_t known)>;

/// Calls `take` with what shows `value` in base64 (RFC 4648), in both alphabets: encoded by itself, with and without
/// padding, and in lines of 76 and of 64 characters; and what the base64 of a longer text has in common wherever
/// `value` stands in it (`user:password`), which is one of three texts, for a character holds 6 bits.
///
/// Of the characters that `value` shares with a neighbour nothing is known: up to 4 bits of its first and of its last
/// byte are in them. The first `known` bytes of `value` were taken before, as a value of their own.
void for_each_base64(std::string_view value, std::size_t known, const TakeBase64& take);

}  // namespace locket::cli
