#pragma once

#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// Fills in what is to be cut for each of `scalars`, which stand in the order of their places in a document that is
/// TOML. What is cut for several of them together leaves TOML, too.
void note_entries(std::string_view document, std::vector<Scalar>& scalars);

}  // namespace locket::inline v1::resolver
