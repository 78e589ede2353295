#pragma once

#include <string>
#include <string_view>

#include <locket/error.hpp>

#include "core/printable.hpp"
#include "outcome.hpp"

namespace locket::inline v1::dir {

/// What a failure below DIR means to whoever asked for `name` (a secret, or the prefix that is listed).
Error entry_failure(const Failed& failed, std::string_view name, std::string_view path);

/// What an errno of opening DIR means. `missing` is the kind when it is not there: NotFound when a store is opened,
/// Unavailable when it has vanished since.
Error root_failure(int error, std::string_view path, ErrorCode missing);

}  // namespace locket::inline v1::dir
