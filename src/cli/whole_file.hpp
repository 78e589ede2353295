#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <locket/result.hpp>

namespace locket::cli {

/// Where a file is while it is not yet whole.
enum class Draft : std::uint8_t {
  Nameless,  ///< in the file system, but under no name, so that nothing is left of it whatever happens
  Hidden,    ///< under a name in the same folder; what Nameless falls back to where the file system cannot do it
};

/// Writes `contents` to `path`, whole or not at all, readable for its owner alone (mode 0600). A file that is there is
/// replaced in one step: whoever opens it gets all of the old or all of the new. On an error it is as it was, and
/// nothing else is left. Signals wait meanwhile, so that none leaves a draft behind.
///
/// InvalidArgument: a folder, a symbolic link, or anything else that is no regular file. NotFound: no such folder.
/// PermissionDenied: it may not be written to. Internal: no space, and what else the system says.
Result<void> write_whole_file(const std::string& path, std::string_view contents, Draft draft = Draft::Nameless);

}  // namespace locket::cli
