#pragma once

#include <functional>
#include <string_view>

namespace locket::cli {

/// Calls `take` with `text` as programs write it, character by character: as it is, with the line ends of a terminal
/// and of text mode, in hexadecimal, percent-encoded, as a JSON string's inside, between a shell's single quotes. What
/// a way does not change is left out. No character's spelling depends on its neighbours', so that a piece of
/// `text` that ends between characters is spelled like that piece of the whole.
///
/// A view is valid during its call and lies in the arena.
void for_each_spelling(std::string_view text, const std::function<void(std::string_view)>& take);

}  // namespace locket::cli
