#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// The candidate that `text` was probably meant to be: the nearest within two edits (a letter inserted, left out,
/// replaced, or two neighbours swapped), the first of several; none when all are further away, or when so many edits
/// would replace half of `text`. For "did you mean" in errors, here and in applications. Costs |text| × |candidate|
/// steps for each candidate; neither may be longer than 512 bytes (longer ones match nothing).
LOCKET_EXPORT std::optional<std::string> suggest(std::string_view text, std::span<const std::string> candidates);

/// "did you mean 'env'? known are: dir, env, memory", or without the question when nothing is near.
LOCKET_EXPORT std::string suggestion_hint(std::string_view text, std::span<const std::string> candidates);

}  // namespace locket::inline v1
