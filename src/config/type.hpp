#pragma once

#include <string>
#include <vector>

#include "config/node.hpp"
#include "config/problems.hpp"

namespace locket::inline v1::config {

/// Whether `node` is what is wanted; if not, that is a problem.
bool is_table(const Node& node, const Where& where, Problems& problems);
bool is_text(const Node& node, const Where& where, Problems& problems);
bool is_scalar(const Node& node, const Where& where, Problems& problems);

/// A table's members; a key that comes twice is a problem, and the first stays.
std::vector<const Member*> unique_members(const Node& table, const Where& where, Problems& problems);

/// A key that has no meaning in the table `above`.
void unknown_key(const Member& member, const Where& above, const std::vector<std::string>& known, Problems& problems);

}  // namespace locket::inline v1::config
