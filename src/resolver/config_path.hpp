#pragma once

#include <string_view>

#include <locket/resolver/format.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::resolver {

/// The reverse of `to_string(Path)`, which takes bare keys of any characters but `. [ ] "`. InvalidArgument (reason
/// "config.path").
Result<Path> parse_path(std::string_view text);

/// `base` with `rest` behind it.
Path joined(const Path& base, const Path& rest);

/// Whether `path` is `prefix`, or below it.
bool is_within(const Path& prefix, const Path& path);

}  // namespace locket::inline v1::resolver
