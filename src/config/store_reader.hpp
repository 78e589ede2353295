#pragma once

#include <string>

#include <locket/config/store_config.hpp>

#include "config/node.hpp"
#include "config/problems.hpp"

namespace locket::inline v1::config {

/// The URL of a store's table, with all its options; anything when it has problems. `member` is the store in the table
/// `above`.
std::string read_store(const Member& member, const Where& above, const LoadOptions& options, Problems& problems);

}  // namespace locket::inline v1::config
